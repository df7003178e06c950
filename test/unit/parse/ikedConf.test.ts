import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parseIkedConf, type Proposal } from "../../../parse/ikedConf";
import { describeWith, run } from "../support/tools";

const parse = (text: string) => parseIkedConf({ file: "iked.conf", text });

const NETS = "from 10.0.0.0/24 to 10.1.0.0/24";
const FLOWS = [{ from: { spec: "10.0.0.0/24" }, to: { spec: "10.1.0.0/24" } }];
const PEER = "peer 192.0.2.1";

function proposal(some: Partial<Proposal>): Proposal {
  return { auth: [], enc: [], prf: [], group: [], esn: [], ...some };
}

// Grammar: iked.conf(5) and sbin/iked/parse.y. True: the OpenIKED of Debian knows it too.
const policies: [string, object, boolean?][] = [
  [
    `ikev2 ${NETS} psk "x"`,
    {
      ...{ flows: FLOWS, mode: "passive", encapsulation: "tunnel", protocol: "esp" },
      ...{ ipcomp: false, natt: false, protos: [], ikesa: [], childsa: [], config: [] },
      authentication: { method: "psk", secret: "x" },
    },
    true,
  ],
  [`ikev2 "west" ${NETS}`, { name: "west" }, true],
  [`ikev2 west ${NETS}`, { name: "west" }, true],
  [`ikev2 'a b' ${NETS}`, { name: "a b" }, true],
  [`ikev2 quick ${NETS}`, { match: "quick" }, true],
  [`ikev2 "x" skip ${NETS}`, { match: "skip", name: "x" }, true],
  [`ikev2 default ${NETS}`, { match: "default" }, true],
  [`ikev2 active ${NETS} local 192.0.2.2 ${PEER}`, { mode: "active" }, true],
  [`ikev2 passive ipcomp ${NETS}`, { ipcomp: true }, true],
  [`ikev2 passive tunnel ${NETS}`, { encapsulation: "tunnel" }, true],
  [`ikev2 passive transport ${NETS}`, { encapsulation: "transport" }, true],
  [`ikev2 passive natt ${NETS}`, { natt: true }],
  [`ikev2 passive esp ${NETS}`, { protocol: "esp" }, true],
  [`ikev2 passive ah ${NETS}`, { protocol: "ah" }],
  [`ikev2 esp inet ${NETS}`, { family: "inet" }, true],
  ["ikev2 inet6 from 2001:db8::/64 to 2001:db8:1::/64", { family: "inet6" }, true],
  [`ikev2 proto tcp ${NETS}`, { protos: ["tcp"] }, true],
  [`ikev2 proto { tcp, udp 47 } ${NETS}`, { protos: ["tcp", "udp", "47"] }, true],
  [`ikev2 rdomain 3 ${NETS}`, { rdomain: 3 }],
  ["ikev2 to 10.1.0.0/24 from 10.0.0.0/24", { flows: FLOWS }, true],
  [
    `ikev2 ${NETS} from 10.0.0.0/24 to 10.2.0.0/24 ${PEER}`,
    { flows: [...FLOWS, { from: { spec: "10.0.0.0/24" }, to: { spec: "10.2.0.0/24" } }] },
    true,
  ],
  [`ikev2 ${NETS}, from 10.0.2.1 to 10.1.2.1 ${PEER}`, { flows: { length: 2 } }, true],
  ["ikev2 from any to any", { flows: [{ from: { spec: "any" }, to: { spec: "any" } }] }, true],
  ["ikev2 from any to dynamic", { flows: [{ to: { spec: "dynamic" } }] }, true],
  [
    "ikev2 from 10.0.0.0/24 (192.0.2.0/24) to 10.1.0.0/24",
    { flows: [{ from: { spec: "10.0.0.0/24", nat: "192.0.2.0/24" } }] },
    true,
  ],
  [
    "ikev2 proto tcp from 10.0.0.1 port 22 to 10.1.0.1 port ssh",
    { flows: [{ from: { port: "22" }, to: { port: "ssh" } }] },
    true,
  ],
  [`ikev2 ${NETS} ${PEER}`, { peer: "192.0.2.1" }, true],
  [`ikev2 ${NETS} peer any`, { peer: "any" }, true],
  [`ikev2 ${NETS} peer 192.0.2.0/24`, { peer: "192.0.2.0/24" }, true],
  [`ikev2 ${NETS} local 192.0.2.2`, { local: "192.0.2.2" }, true],
  [`ikev2 ${NETS} ${PEER} local any`, { peer: "192.0.2.1", local: "any" }, true],
  [`ikev2 ${NETS} local 192.0.2.2 ${PEER}`, { peer: "192.0.2.1", local: "192.0.2.2" }, true],
  [`ikev2 ${NETS} ikesa`, { ikesa: [proposal({})] }, true],
  [
    `ikev2 ${NETS} ikesa enc aes-256 auth hmac-sha2-256 prf hmac-sha2-512 group modp2048`,
    {
      ikesa: [
        proposal({
          ...{ enc: ["aes-256"], auth: ["hmac-sha2-256"] },
          ...{ prf: ["hmac-sha2-512"], group: ["modp2048"] },
        }),
      ],
    },
    true,
  ],
  [
    `ikev2 ${NETS} ikesa group ecp256 group ecp384 enc aes-256 enc aes-128`,
    { ikesa: [proposal({ enc: ["aes-256", "aes-128"], group: ["ecp256", "ecp384"] })] },
    true,
  ],
  [
    `ikev2 ${NETS} ikesa enc aes-256-gcm ikesa enc aes-256`,
    { ikesa: [proposal({ enc: ["aes-256-gcm"] }), proposal({ enc: ["aes-256"] })] },
    true,
  ],
  [
    `ikev2 ${NETS} childsa enc aes-256-gcm group none noesn`,
    { childsa: [proposal({ enc: ["aes-256-gcm"], group: ["none"], esn: ["noesn"] })] },
    true,
  ],
  [`ikev2 ${NETS} childsa enc aes-128 esn noesn`, { childsa: [{ esn: ["esn", "noesn"] }] }],
  [
    `ikev2 ${NETS} childsa enc chacha20-poly1305 childsa enc aes-256`,
    { childsa: { length: 2 } },
    true,
  ],
  [`ikev2 ${NETS} srcid a.example.net`, { srcid: "a.example.net" }, true],
  [`ikev2 ${NETS} srcid a dstid b@c`, { srcid: "a", dstid: "b@c" }, true],
  [`ikev2 ${NETS} dstid "/C=DE/CN=x"`, { dstid: "/C=DE/CN=x" }, true],
  [`ikev2 ${NETS} ikelifetime 8h`, { ikelifetime: 28800 }, true],
  [`ikev2 ${NETS} ikelifetime 28800 lifetime 3600`, { lifetime: 3600 }, true],
  [`ikev2 ${NETS} lifetime 60m bytes 512M`, { lifetime: 3600, bytes: 536870912 }, true],
  [`ikev2 ${NETS} lifetime 3600 bytes 1000000`, { bytes: 1000000 }, true],
  [`ikev2 ${NETS} psk file "/etc/iked/key"`, { authentication: { method: "pskFile" } }],
  [`ikev2 ${NETS} psk 0x6162`, { authentication: { method: "psk", secret: "0x6162" } }, true],
  [`ikev2 ${NETS} psk "a b"`, { authentication: { secret: "a b" } }, true],
  [`ikev2 ${NETS} eap "mschap-v2"`, { authentication: { method: "eap", type: "mschap-v2" } }, true],
  [`ikev2 ${NETS} eap radius`, { authentication: { method: "eap", type: "radius" } }],
  [`ikev2 ${NETS} rsa`, { authentication: { method: "signature", type: "rsa" } }, true],
  [`ikev2 ${NETS} ecdsa384`, { authentication: { type: "ecdsa384" } }, true],
  [`ikev2 ${NETS}`, { authentication: { method: "signature" } }, true],
  [
    `ikev2 ${NETS} psk "x" config address 10.9.0.0/24 config name-server 10.0.0.53`,
    {
      config: [
        { action: "config", option: "address", value: "10.9.0.0/24" },
        { action: "config", option: "name-server", value: "10.0.0.53" },
      ],
    },
    true,
  ],
  [`ikev2 ${NETS} request address any`, { config: [{ action: "request", value: "any" }] }, true],
  [`ikev2 ${NETS} psk "x" iface sec0`, { iface: "sec0" }],
  [`ikev2 ${NETS} tag "vpn-west"`, { tag: "vpn-west" }, true],
  [`ikev2 ${NETS} psk "x" tap "enc1" tag "$name-$id"`, { tap: "enc1", tag: "$name-$id" }, true],
  [
    `net = "10.0.0.0/24"\nikev2 from $net to 10.1.0.0/24 \\\n\tpsk x # comment`,
    { line: 2, flows: FLOWS },
    true,
  ],
];

const refusals: [string, string, boolean?][] = [
  ["ikev2", "from and to are missing", true],
  ["ikev2 from 10.0.0.1", "to is missing", true],
  ["ikev2 active", "from and to are missing", true],
  ["ikev2 active quick from 10.0.0.1 to 10.0.0.2", "from and to are missing", true],
  ["ikev2 from { 10.0.0.1 } to 10.0.0.2", "syntax error after from", true],
  ["ikev2 proto { } from 10.0.0.1 to 10.0.0.2", "syntax error after proto", true],
  [
    `ikev2 ${NETS} childsa enc aes-256 ikesa enc aes-256`,
    "syntax error after enc: ikesa cannot stand there",
    true,
  ],
  [`ikev2 ${NETS} main auth hmac-sha1`, "not a valid authentication mode", true],
  [
    `ikev2 ${NETS} lifetime 3600 ikelifetime 28800`,
    "syntax error after lifetime: ikelifetime cannot stand there",
    true,
  ],
  [`ikev2 ${NETS} lifetime 1d`, "invalid time unit", true],
  [`ikev2 ${NETS} lifetime 3600 bytes 5T`, "invalid byte unit", true],
  [`ikev2 ${NETS} dstid b srcid a`, "syntax error after dstid: srcid cannot stand there", true],
  [`ikev2 ${NETS} psk 12345`, "syntax error after psk", true],
  [`ikev2 ${NETS} psk "x" rsa`, "syntax error after psk", true],
  [`ikev2 ${NETS} iface sec0 psk "x"`, "syntax error after iface: psk cannot stand there", true],
  [`ikev2 ${NETS} tag "x" psk "y"`, "syntax error after tag: psk cannot stand there", true],
  [
    `ikev2 ${NETS} lifetyme 3600`,
    "not a valid authentication mode: lifetyme is no keyword, lifetime is",
    true,
  ],
  [`ikev2 ${NETS} psk "x" lifetyme`, "syntax error after psk", true],
  ["set", "syntax error after set", true],
  ["set passive active", "syntax error after passive: active cannot stand there", true],
  ["set dpd_check_interval soon", "syntax error after dpd_check_interval", true],
  ["nonsense", "no statement of iked.conf(5)", true],
];

describe("a policy", () => {
  it.each(policies)("%j", (text, fields) => {
    const { policies: found, others, settings, notUnderstood } = parse(text);
    expect([others, settings, notUnderstood]).toEqual([[], [], []]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject(fields);
  });

  it.each(refusals)("%j is not understood", (text, reason) => {
    const { policies: found, notUnderstood } = parse(`# first\n${text}\nikev2 ${NETS}`);
    expect(notUnderstood).toEqual([{ file: "iked.conf", line: 2, reason }]);
    expect(found).toHaveLength(1);
  });
});

describe("settings", () => {
  it.each([
    ["set active", { name: "active" }],
    ["set passive", { name: "passive" }],
    ["set decouple", { name: "decouple" }],
    ["set fragmentation", { name: "fragmentation" }],
    ["set nomobike", { name: "nomobike" }],
    ["set enforcesingleikesa", { name: "enforcesingleikesa" }],
    ["set stickyaddress", { name: "stickyaddress" }],
    ["set cert_partial_chain", { name: "cert_partial_chain" }],
    ["set dpd_check_interval 30", { name: "dpd_check_interval", value: "30" }],
    ['set ocsp "http://ocsp.example.net"', { name: "ocsp", value: "http://ocsp.example.net" }],
    ['set ocsp "http://o" tolerate 5m maxage 1h', { name: "ocsp", value: "http://o" }],
  ])("%s", (text, fields) => {
    expect(parse(text).settings).toEqual([{ file: "iked.conf", line: 1, ...fields }]);
  });
});

describe("other statements are recognised", () => {
  it.each([
    ['user "peter" "password"', "user"],
    ["radius server 192.0.2.9 secret s", "radius"],
    ["ike esp from 10.0.0.0/24 to 10.1.0.0/24 psk x", "ipsecRule"],
    ["flow esp from 10.0.0.0/24 to 10.1.0.0/24 type bypass", "ipsecRule"],
    ["tcpmd5 from 10.0.0.1 to 10.0.0.2 spi 0x100", "ipsecRule"],
  ])("%s", (text, kind) => {
    const { policies: found, others, notUnderstood } = parse(text);
    expect([found, notUnderstood]).toEqual([[], []]);
    expect(others).toEqual([{ file: "iked.conf", line: 1, kind }]);
  });
});

it("a key never gets into what was not understood", () => {
  const secret = "Xy7SecretSecretSecret";
  for (const text of [
    `ikev2 ${NETS} psk ${secret} ${secret}`,
    `ikev2 ${NETS} pks ${secret}`,
    `ikev2 ${NETS} psk "${secret}" lifetime 3600`,
    `set ${secret}`,
    `${secret} ${secret}`,
  ]) {
    const { notUnderstood } = parse(text);
    expect(notUnderstood).toHaveLength(1);
    expect(JSON.stringify(notUnderstood)).not.toContain(secret);
  }
});

it("no text makes it throw or hang", () => {
  const words = fc.constantFrom(
    ...["ikev2", "esp", "from", "to", "peer", "ikesa", "childsa", "auth", "enc", "lifetime", "set"],
    ...["psk", "file", "tag", "{", "}", ",", "(", ")", "10.0.0.1", "/24", "any", "x", '"', "\n"],
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(words, { maxLength: 200 }).map((some) => some.join(" ")),
  );
  fc.assert(
    fc.property(text, (some) => {
      parse(some);
    }),
  );
});

/** Whether OpenIKED's own parser reads the text without an error of grammar. */
describeWith("iked")("iked -n agrees", () => {
  const folder = mkdtempSync(join(tmpdir(), "iked-corpus-"));
  const file = join(folder, "iked.conf");
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const complaints = (text: string): string => {
    writeFileSync(file, `${text}\n`, { mode: 0o600 });
    return run("iked", ["-n", "-f", file]).stderr.trim();
  };

  it.each(policies.filter(([, , known]) => known))("that %j is understood", (text) => {
    expect(complaints(text)).toMatch(/^$|configuration OK/);
  });

  it.each(refusals.filter(([, , known]) => known))("that %j is not", (text) => {
    expect(complaints(text)).not.toMatch(/configuration OK|^$/);
  });
});
