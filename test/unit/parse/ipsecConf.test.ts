import fc from "fast-check";
import { parseIpsecConf } from "../../../parse/ipsecConf";

const parse = (text: string) => parseIpsecConf({ file: "ipsec.conf", text });

const NETS = "from 10.0.0.0/24 to 10.1.0.0/24";
const PAIR = { from: [{ spec: "10.0.0.0/24" }], to: [{ spec: "10.1.0.0/24" }] };

// Grammar: ipsec.conf(5) and sbin/ipsecctl/parse.y.
describe("an ike rule", () => {
  it.each([
    [
      `ike ${NETS}`,
      {
        ...PAIR,
        mode: "active",
        protocol: "esp",
        encapsulation: "tunnel",
        exchange: "main",
        phase1: {},
        phase2: {},
      },
    ],
    [`ike active ${NETS}`, { mode: "active" }],
    [`ike passive ${NETS}`, { mode: "passive" }],
    [`ike dynamic ${NETS}`, { mode: "dynamic" }],
    [`ike esp ${NETS}`, { protocol: "esp" }],
    [`ike ah ${NETS}`, { protocol: "ah" }],
    [`ike ipcomp ${NETS}`, { protocol: "ipcomp" }],
    [`ike ipip ${NETS}`, { protocol: "ipip" }],
    [`ike esp transport ${NETS}`, { encapsulation: "transport" }],
    [`ike passive esp tunnel ${NETS}`, { mode: "passive", encapsulation: "tunnel" }],
    [`ike proto tcp ${NETS}`, { proto: "tcp" }],
    [`ike proto 47 ${NETS}`, { proto: "47" }],
    [`ike proto esp ${NETS}`, { proto: "esp" }],
    ["ike to 10.1.0.0/24 from 10.0.0.0/24", PAIR],
    ["ike from any to any", { from: [{ spec: "any" }], to: [{ spec: "any" }] }],
    ["ike from egress to vpn.example.net", { from: [{ spec: "egress" }] }],
    ["ike from 2001:db8::/64 to 2001:db8:1::/64", { to: [{ spec: "2001:db8:1::/64" }] }],
    [
      "ike from { 10.0.0.1, 10.0.0.2 } to 10.1.0.1",
      { from: [{ spec: "10.0.0.1" }, { spec: "10.0.0.2" }] },
    ],
    [
      "ike from {10.0.0.0/24 10.0.1.0/24} to { 10.1.0.0/24 }",
      { from: [{ spec: "10.0.0.0/24" }, { spec: "10.0.1.0/24" }] },
    ],
    [
      "ike from { 10.0.0.1 { 10.0.0.2, 10.0.0.3 } } to 10.1.0.1",
      { from: [{ spec: "10.0.0.1" }, { spec: "10.0.0.2" }, { spec: "10.0.0.3" }] },
    ],
    [
      "ike from 10.0.0.0/24 (192.0.2.0/24) to 10.1.0.0/24",
      { from: [{ spec: "10.0.0.0/24", nat: "192.0.2.0/24" }] },
    ],
    [
      "ike proto tcp from 10.0.0.1 port 22 to 10.0.0.2 port ssh",
      { from: [{ spec: "10.0.0.1", port: "22" }], to: [{ spec: "10.0.0.2", port: "ssh" }] },
    ],
    [`ike ${NETS} peer 192.0.2.1`, { peer: "192.0.2.1" }],
    [`ike ${NETS} peer any`, { peer: "any" }],
    [`ike ${NETS} local 192.0.2.2`, { local: "192.0.2.2" }],
    [`ike ${NETS} peer 192.0.2.1 local 192.0.2.2`, { peer: "192.0.2.1", local: "192.0.2.2" }],
    [`ike ${NETS} local 192.0.2.2 peer 192.0.2.1`, { peer: "192.0.2.1", local: "192.0.2.2" }],
    [`ike ${NETS} main`, { exchange: "main", phase1: {} }],
    [`ike ${NETS} main auth hmac-sha2-256`, { phase1: { auth: "hmac-sha2-256" } }],
    [
      `ike ${NETS} main group modp2048 enc aes-256 auth hmac-sha1`,
      { phase1: { group: "modp2048", enc: "aes-256", auth: "hmac-sha1" } },
    ],
    [`ike ${NETS} aggressive auth hmac-md5`, { exchange: "aggressive" }],
    [`ike ${NETS} main lifetime 3600`, { phase1: { lifetime: 3600 } }],
    [`ike ${NETS} main lifetime 90m quick lifetime 8h`, { phase1: { lifetime: 5400 } }],
    [`ike ${NETS} quick enc aes-256-gcm group none`, { phase2: { group: "none" } }],
    [`ike ${NETS} quick enc aes lifetime "20m"`, { phase2: { enc: "aes", lifetime: 1200 } }],
    [`ike ${NETS} srcid a.example.net`, { srcid: "a.example.net" }],
    [`ike ${NETS} dstid b@example.net`, { dstid: "b@example.net" }],
    [`ike ${NETS} srcid "a" dstid "b"`, { srcid: "a", dstid: "b" }],
    [`ike ${NETS} rsa`, {}],
    [`ike ${NETS} psk mekmitasdigoat`, { psk: "mekmitasdigoat" }],
    [`ike ${NETS} psk "a b#c"`, { psk: "a b#c" }],
    [`ike ${NETS} psk a#b`, { psk: "a" }],
    [`ike ${NETS} psk 0x736563726574`, { psk: "0x736563726574" }],
    [`ike ${NETS} psk "12345"`, { psk: "12345" }],
    [`ike ${NETS} tag "vpn-west"`, { tag: "vpn-west" }],
    [`ike ${NETS} psk x tag $`, undefined],
    [`ike ${NETS} psk x tag "$id"`, { tag: "$id" }],
    ["ike interface sec0 peer 192.0.2.1 psk x", { interface: "sec0", from: [], to: [] }],
    ["ike passive interface sec12 local 192.0.2.2 peer 192.0.2.1", { mode: "passive" }],
    [
      `ike passive esp tunnel ${NETS} \\\n\tlocal 10.10.0.2 peer 198.51.100.14 \\\n` +
        "\tmain auth hmac-sha2-256 enc aes-256 group modp2048 lifetime 28800 \\\n" +
        "\tquick enc aes-256-gcm group modp2048 lifetime 3600 \\\n" +
        '\tsrcid 203.0.113.10 dstid 198.51.100.14 \\\n\tpsk "secret" \\\n\ttag "vpn-site1"',
      {
        ...{ line: 1, mode: "passive", local: "10.10.0.2", peer: "198.51.100.14" },
        phase1: { auth: "hmac-sha2-256", enc: "aes-256", group: "modp2048", lifetime: 28800 },
        phase2: { enc: "aes-256-gcm", group: "modp2048", lifetime: 3600 },
        ...{ srcid: "203.0.113.10", dstid: "198.51.100.14", psk: "secret", tag: "vpn-site1" },
      },
    ],
  ])("%j", (text, fields) => {
    const { rules, others, notUnderstood } = parse(text);
    if (fields === undefined) {
      expect([rules, notUnderstood.length]).toEqual([[], 1]);
      return;
    }
    expect([others, notUnderstood]).toEqual([[], []]);
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject(fields);
  });

  // Each of these ipsecctl -n refuses too, but for the unit, which it dies of.
  it.each([
    ["ike", "from and to are missing"],
    ["ike from 10.0.0.1", "to is missing"],
    ["ike from 10.0.0.1 from 10.0.0.2", "to is missing"],
    ["ike tunnel esp from 10.0.0.1 to 10.0.0.2", "from and to are missing"],
    ["ike from { 10.0.0.1 to 10.0.0.2", "syntax error after from: to cannot stand there"],
    ["ike from { } to 10.0.0.2", "syntax error after from"],
    ["ike from 10.0.0.0/8(10.1.0.0/16) to 10.0.0.2", "syntax error after from"],
    ["ike from 10.0.0.0/x to 10.0.0.2", "syntax error after from"],
    ["ike from 10 to 10.0.0.2", "syntax error after from"],
    [`ike ${NETS} quick enc aes main enc aes`, "syntax error after enc: main cannot stand there"],
    [`ike ${NETS} main enc aes enc aes`, "enc is given twice"],
    [
      `ike ${NETS} main lifetime 3600 enc aes`,
      "syntax error after lifetime: enc cannot stand there",
    ],
    [`ike ${NETS} main lifetime 1d`, "invalid time unit"],
    [`ike ${NETS} dstid b srcid a`, "syntax error after dstid: srcid cannot stand there"],
    [`ike ${NETS} main peer 192.0.2.1 psk x`, "syntax error after main: peer cannot stand there"],
    [`ike ${NETS} tag "x" psk "y"`, "syntax error after tag: psk cannot stand there"],
    [`ike ${NETS} psk 12345`, "syntax error after psk"],
    [`ike ${NETS} psk any`, "syntax error after psk"],
    [`ike ${NETS} psk x y`, "syntax error after psk"],
    ["ike esp interface sec0 psk x", "from and to are missing"],
    ["ike interface sec0 peer 192.0.2.1 tag a", "syntax error after peer: tag cannot stand there"],
    ["ike interface vio0 peer 192.0.2.1", "invalid sec interface name"],
    [`ike ${NETS} { psk x }`, "syntax error after to"],
    ["nonsense", "no statement of ipsec.conf(5)"],
    ['"ike" from 10.0.0.1 to 10.0.0.2', "no statement of ipsec.conf(5)"],
    ["ikev2 from 10.0.0.1 to 10.0.0.2", "no statement of ipsec.conf(5)"],
  ])("%j is not understood", (text, reason) => {
    const { rules, notUnderstood } = parse(`# first\n${text}\nike ${NETS}`);
    expect(notUnderstood).toEqual([{ file: "ipsec.conf", line: 2, reason }]);
    expect(rules).toHaveLength(1);
  });
});

describe("other rules are recognised", () => {
  it.each([
    ["flow esp from 10.0.0.0/24 to 10.1.0.0/24 peer 192.0.2.1", { kind: "flow" }],
    ["flow from 10.0.0.1 to 10.0.0.2 type bypass", { kind: "flow", type: "bypass" }],
    ["flow esp out proto tcp from any to any type deny", { kind: "flow", type: "deny" }],
    ["esp from 192.0.2.1 to 192.0.2.2 spi 0xa:0xb authkey file k enckey file e", { kind: "sa" }],
    ["esp tunnel from 192.0.2.1 to 192.0.2.2 spi 0x1000", { kind: "sa" }],
    ["ah transport from 192.0.2.1 to 192.0.2.2 spi 0x1000", { kind: "sa" }],
    ["from 192.0.2.1 to 192.0.2.2 spi 4096", { kind: "sa" }],
    ["tunnel from 192.0.2.1 to 192.0.2.2 spi 4096", { kind: "sa" }],
    ["ipcomp from 192.0.2.1 to 192.0.2.2 spi 0x2000 comp deflate", { kind: "sa" }],
    ["tcpmd5 from 192.0.2.1 to 192.0.2.2 spi 0x1000:0x1001 authkey 0xab", { kind: "tcpmd5" }],
  ])("%s", (text, fields) => {
    const { rules, others, notUnderstood } = parse(`\n${text}`);
    expect([rules, notUnderstood]).toEqual([[], []]);
    expect(others).toEqual([{ file: "ipsec.conf", line: 2, ...fields }]);
  });
});

it("a key never gets into what was not understood", () => {
  const secret = "Xy7SecretSecretSecret";
  for (const text of [
    `ike ${NETS} psk ${secret} more`,
    `ike ${NETS} psk ${secret},x`,
    `ike ${NETS} pks ${secret}`,
    `ike ${NETS} psk`,
    `ike ${NETS} "${secret}"`,
    `psk ${secret}`,
    `ike ${NETS} main enc ${secret} psk ${secret} ${secret}`,
  ]) {
    const { notUnderstood } = parse(text);
    expect(notUnderstood).toHaveLength(1);
    expect(JSON.stringify(notUnderstood)).not.toContain(secret);
  }
});

it("no text makes it throw or hang", () => {
  const words = fc.constantFrom(
    ...["ike", "esp", "from", "to", "peer", "local", "main", "quick", "auth", "enc", "lifetime"],
    ...["psk", "tag", "{", "}", ",", "(", ")", "10.0.0.1", "/24", "any", "x", '"', "\\\n", "\n"],
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
