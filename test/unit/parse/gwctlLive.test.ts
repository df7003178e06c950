import fc from "fast-check";
import { parseClock, parseLogLine, secondsBetween, timeOf } from "../../../parse/daemonLog";
import { parseGwctlLive } from "../../../parse/gwctlLive";
import { parseIkedEvents } from "../../../parse/ikedEvents";
import { parseSaDetails } from "../../../parse/ipsecctlVerbose";

// The form of a block: OpenBSD 7.9's `ipsecctl -vv -s sa`.
const BLOCK = `@0 esp tunnel from 192.1.2.45 to 192.1.2.23 spi 0x76a04f2a auth hmac-sha2-256 enc aes
	sa: spi 0x76a04f2a auth hmac-sha2-256 enc aes
		state mature replay 64 flags 0x404<tunnel,esn>
	lifetime_cur: alloc 0 bytes 168 add 1795476557 first 1795476560
	lifetime_hard: alloc 0 bytes 4294967296 add 10800 first 0
	lifetime_soft: alloc 0 bytes 3865470566 add 9720 first 0
	address_src: 192.1.2.45
	address_dst: 192.1.2.23
	identity_src: type fqdn id 0: FQDN/west
	identity_dst: type fqdn id 0: FQDN/east
	udpencap: udpencap port 4500
	lifetime_lastuse: alloc 0 bytes 0 add 0 first 1795476599
	tag: IKED
	counter:${" "}
		0 input packets
		2 output packets
		0 input bytes
		312 output bytes
		0 input bytes, decompressed
		208 output bytes, uncompressed
		1 packet dropped on input
		0 packets dropped on output
	replay: rpl 3`;

describe("ipsecctl -vv -s sa", () => {
  it("gives ages, lifetimes and counters of each SA", () => {
    const second = BLOCK.replaceAll("0x76a04f2a", "0x00000001").replace("@0", "@1");
    const [first, last, ...rest] = parseSaDetails(`${BLOCK}\n${second}`.split("\n"));
    expect(first).toMatchObject({
      spi: "0x76a04f2a",
      encryption: "aes",
      state: "mature",
      added: 1795476557,
      lastUsed: 1795476599,
      lifetime: 10800,
      udpencap: true,
      packetsIn: 0,
      packetsOut: 2,
      bytesOut: 208,
      droppedIn: 1,
    });
    expect([last?.spi, rest]).toEqual(["0x00000001", []]);
  });

  it("says nothing of what the kernel did not count", () => {
    const [sa] = parseSaDetails([BLOCK.split("\n")[0] ?? ""]);
    expect(sa).toMatchObject({ spi: "0x76a04f2a", udpencap: false });
    expect([sa?.added, sa?.packetsIn, sa?.lifetime]).toEqual([undefined, undefined, undefined]);
  });
});

describe("/var/log/daemon", () => {
  it("has the time, the program and the SA of a message", () => {
    expect(
      parseLogLine("Nov  3 03:29:16 gw iked[771]: spi=0xc0310f2bc00241fa: sent delete, closing SA"),
    ).toEqual({
      stamp: "Nov  3 03:29:16",
      program: "iked",
      pid: "771",
      spi: "0xc0310f2bc00241fa",
      message: "sent delete, closing SA",
    });
    expect(parseLogLine("last message repeated 3 times")).toBeUndefined();
  });

  it("writes local times without a year: the latest that is not in the future is meant", () => {
    const clock = parseClock("1767229200 +0100"); // 2026-01-01 01:00 UTC, 02:00 there
    expect(clock).toEqual({ now: 1767229200, offset: 3600 });
    if (!clock) return;
    expect(timeOf("Jan  1 01:59:00", clock)).toBe(1767229200 - 60);
    expect(timeOf("Dec 31 23:00:00", clock)).toBe(1767229200 - 3 * 3600);
    expect(timeOf("Foo 31 23:00:00", clock)).toBeUndefined();
    expect(parseClock("1767229200 -0530")).toEqual({ now: 1_767_229_200, offset: -19_800 });
    expect(parseClock("yesterday")).toBeUndefined();
  });

  it("knows how long after a line another was written, over the turn of the year too", () => {
    expect(secondsBetween("Nov 23 23:29:17", "Nov 24 00:00:01")).toBe(1844);
    expect(secondsBetween("Feb 28 23:59:59", "Feb 29 00:00:00")).toBe(1);
    expect(secondsBetween("Dec 31 23:59:50", "Jan  1 00:00:05")).toBe(15);
    expect(secondsBetween("Foo 31 23:59:50", "Jan  1 00:00:05")).toBeUndefined();
  });

  it("has the algorithms of what came up", () => {
    const line = (message: string) => `Nov 23 23:29:17 gw iked[771]: ${message}`;
    const events = parseIkedEvents([
      line(
        "spi=0xc0310f2bc00241fa: ikev2_childsa_enable: loaded SPIs: 0x531a10c4, 0x97d219b3 (enc aes-256 auth hmac-sha2-512 group ecp256)",
      ),
      line(
        "spi=0xc0310f2bc00241fa: established peer 198.51.100.12:4500[FQDN/east] local 10.10.0.2:4500[FQDN/gw] policy 'east' as initiator (enc aes-256-gcm group ecp384 prf hmac-sha2-384)",
      ),
      line(
        "spi=0xc0310f2bc00241fa: rekeyed as new IKESA 0x1234567890abcdef (enc aes-256 auth hmac-sha2-256 group ecp256 prf hmac-sha2-256)",
      ),
    ]);
    expect(events.children).toMatchObject([
      { spis: ["0x531a10c4", "0x97d219b3"], encryption: "aes-256", group: "ecp256" },
    ]);
    expect(events.ike).toMatchObject([
      { spi: "0xc0310f2bc00241fa", encryption: "aes-256-gcm", prf: "hmac-sha2-384" },
      { spi: "0x1234567890abcdef", integrity: "hmac-sha2-256" },
    ]);
  });
});

describe("gwctl live", () => {
  it("adds clock, probes and counters to the state", () => {
    const live = parseGwctlLive(`--- gwctl
version 1
--- clock
1795476997 +0000
--- before
${BLOCK}
--- probes
bad error ping: can't assign requested address
west 3 2 9.509
dead 3 0 -
--- after
${BLOCK.replace("2 output", "5 output")}
`);
    expect(live.clock).toEqual({ now: 1795476997, offset: 0 });
    expect(live.probes).toEqual([
      { name: "bad", sent: 0, received: 0, error: "ping: can't assign requested address" },
      { name: "west", sent: 3, received: 2, rttMs: 9.509 },
      { name: "dead", sent: 3, received: 0, rttMs: undefined },
    ]);
    expect([live.before[0]?.packetsOut, live.after[0]?.packetsOut]).toEqual([2, 5]);
  });

  it("no text makes it throw", () => {
    const section = fc.constantFrom("clock", "log", "before", "probes", "after", "ike", "x");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(section, fc.string({ unit: "binary" }))),
        fc.nat(BLOCK.length),
        (parts, cut) => {
          const text = parts.map(([name, noise]) => `--- ${name}\n${noise}\n`).join("");
          parseGwctlLive(text + BLOCK.slice(cut));
        },
      ),
    );
  });
});
