import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";

const FOLDER = join(__dirname, "../../../parse");
type Parser = (input: unknown) => unknown;

/** Every function `parse…` of the folder: one that is new is held to the same. */
function parsers(): [name: string, parser: Parser][] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => Object.entries(jest.requireActual<object>(join(FOLDER, file))))
    .filter(([name, value]) => name.startsWith("parse") && typeof value === "function")
    .map(([name, value]) => [name, value as Parser]);
}

const TAKES_ROWS = new Set([
  "parseConntrack",
  "parsePfStates",
  ...["parseIkedEvents", "parsePeerProposals", "parseRuleCounts", "parseSaDetails"],
  ...["parseSecInterfaces", "parseSecRoutes", "parseProposalRecords"],
]);

// As the programs print them: ipsecctl(8), ikectl(8), isakmpd(8), pfctl(8), syslogd(8) and gwctl.
const REAL =
  `flow esp out from 10.10.0.0/24 to 10.20.1.0/24 peer 198.51.100.11 srcid FQDN/gw dstid FQDN/west type require
@0,2 flow esp in proto tcp from { 10.1.0.0/16, 10.2.0.0/16 } port 22 to 10.3.0.1 local 10.0.0.1 peer 10.0.0.2 type use
@0 esp tunnel from 10.10.0.2 to 198.51.100.11 spi 0x5fb71e2f auth hmac-sha2-512 enc aes-256
\tlifetime_cur: alloc 0 bytes 1008 add 1795476397 first 0
\tlifetime_lastuse: alloc 0 bytes 0 add 0 first 1795476990
\tudpencap: udpencap port 4500
\tcounter:
\t\t10 input packets
\t\t840 output bytes
iked_sas: 0x4 rspi 0x0123456789abcdef ispi 0xfedcba9876543210 10.10.0.2:4500->198.51.100.11:4500<FQDN/west>[] ESTABLISHED i natt udpencap nexti 0x0 pol 0x1
  sa_childsas: 0x9 ESP 0x0badcafe in [2001:db8::1]:4500 -> 192.0.2.1:4500 (LA) B=0x0 P=0x0 @0x4
  sa_flows: 0x1 ESP out 10.10.0.0/24 -> 10.20.1.0/24 [0]@-1 (L) @0x4
SA name: from-10.10.0.0/24-to-10.20.0.0/24 (Phase 2)
src: 10.10.0.2 dst: 198.51.100.14
Hard timeout in 28000 seconds
icookie 0123456789abcdef rcookie 0123456789abcdef
SPI 0: 0badcafe
Nov 23 23:20:00 gw iked[7]: spi=0xd30e2df36f1d80a0: established peer 198.51.100.11:4500[FQDN/west] local 10.10.0.2:4500[FQDN/gw] policy 'west' as initiator (enc aes-256 auth hmac-sha2-256 group ecp256 prf hmac-sha2-256)
Nov 23 23:20:00 gw iked[7]: ikev2_childsa_enable: loaded SPIs: 0x5fb71e2f, 0xbecfd662 (enc aes-256 auth hmac-sha2-512)
ikev2_log_proposal: IKE #1 ENCR=AES_CBC-256
ikev2_log_proposal: ESP #1 INTEGR=HMAC_SHA2_256_128
sec0: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1400
\tinet 169.254.10.2 --> 169.254.10.1 netmask 0xfffffffc
10.20.1/24         169.254.10.1       UGS        1       24     -     8 sec0${" "}
pass in on vio0 inet proto udp from <vpn_peers> to (vio0) port = 500
  [ Evaluations: 42        Packets: 7         Bytes: 588         States: 0     ]
--- gwctl
version 1
--- files
0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef 0600 /etc/iked/west.conf
--- tunnels
west iked down
--- clock
1795476997 +0000
--- probes
west 3 2 10.5
east error ping: bind: Can't assign requested address
--- watchdog
west failures=2 resets=1 last=1795476990 no answer
daemon iked starts=1 last=1795476990 iked did not run: started
--- uptime
4711`.split("\n");

/** Lines of the programs, in any order, some of them cut, doubled or spoilt. */
const spoilt = fc
  .array(
    fc.tuple(
      fc.constantFrom(...REAL),
      fc.constantFrom("whole", "cut", "doubled", "spliced", "digits", "blanks"),
      fc.nat(200),
      fc.string({ unit: "binary", maxLength: 12 }),
    ),
    { maxLength: 60 },
  )
  .map((lines) =>
    lines.map(([line, how, at, noise]) => {
      switch (how) {
        case "whole":
          return line;
        case "cut":
          return line.slice(0, at);
        case "doubled":
          return line + line;
        case "spliced":
          return line.slice(0, at) + noise + line.slice(at);
        case "digits":
          return line.replace(/\d+/g, (digits) => digits.repeat(9));
        default:
          return line.replaceAll(" ", "  ");
      }
    }),
  );
const rows = fc.oneof(fc.array(fc.string({ unit: "binary" }), { maxLength: 20 }), spoilt);

it.each(parsers())("%s takes any text", (name, parser) => {
  const numbers: unknown[] = [];
  fc.assert(
    fc.property(rows, (some) => {
      const inputs = TAKES_ROWS.has(name) ? [some] : [some.join("\n"), ...some];
      for (const input of inputs) numbers.push(...numbersIn(parser(input)));
    }),
    { numRuns: 150 },
  );
  // What was read of nonsense may be nothing or wrong, but never NaN, which would poison every sum.
  expect(numbers.filter((number) => Number.isNaN(number))).toEqual([]);
});

it("is asked of all of them", () => {
  expect(parsers().map(([name]) => name)).toEqual(
    expect.arrayContaining(["parseFlow", "parseIkeSa", "parseGwctlLive", "parsePatches"]),
  );
});

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (value instanceof Map) return [...value.values()].flatMap(numbersIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
