import fc from "fast-check";
import { parseFlow, parseSa } from "../../../parse/ipsecctl";

// Literal lines: OpenBSD's regress/sbin/ipsecctl, and the console of an OpenBSD 7.9 guest.
describe("a flow", () => {
  it.each([
    [
      "flow esp out from 4.4.0.0/16 to 3.3.3.0/24 peer 2.2.2.2 srcid host1.one.net dstid host2.two.net type require",
      {
        protocol: "esp",
        direction: "out",
        from: "4.4.0.0/16",
        to: "3.3.3.0/24",
        peer: "2.2.2.2",
        srcid: "host1.one.net",
        dstid: "host2.two.net",
        type: "require",
      },
    ],
    [
      "flow esp in from 3.3.3.0/24 to 4.4.0.0/16 peer 2.2.2.2 srcid host1.one.net dstid host2.two.net type use",
      { direction: "in", from: "3.3.3.0/24", to: "4.4.0.0/16", type: "use" },
    ],
    [
      "flow esp out from 192.168.3.3 to 192.168.3.2 type bypass",
      { from: "192.168.3.3", to: "192.168.3.2", peer: undefined, type: "bypass" },
    ],
    [
      "flow esp out from 3ffe:1::/16 to 3ffe:3::/24 peer 3ffe::2 srcid host1.one.net dstid host2.two.net type require",
      { from: "3ffe:1::/16", to: "3ffe:3::/24", peer: "3ffe::2" },
    ],
    [
      "@0 flow esp in from 192.0.2.0/24 to 192.0.1.0/24 peer 192.1.2.23 srcid FQDN/west dstid FQDN/east type require",
      { direction: "in", srcid: "FQDN/west", dstid: "FQDN/east" },
    ],
    [
      "flow esp out proto tcp from 10.0.0.1 port ssh to 10.0.0.2 local 10.9.0.1 peer 10.9.0.2 psk type require",
      { from: "10.0.0.1", to: "10.0.0.2", local: "10.9.0.1", peer: "10.9.0.2" },
    ],
    [
      "@3,4 flow esp out from { 10.0.0.0/24, 10.0.1.0/24 } to 10.2.0.0/24 type dontacq",
      { from: "{ 10.0.0.0/24, 10.0.1.0/24 }", to: "10.2.0.0/24" },
    ],
  ])("%s", (line, fields) => {
    expect(parseFlow(line)).toMatchObject(fields);
    expect(parseSa(line)).toBeUndefined();
  });
});

describe("an SA", () => {
  it.each([
    [
      "esp tunnel from 192.1.2.23 to 192.1.2.45 spi 0x76a04f2a auth hmac-sha2-256 enc aes",
      {
        protocol: "esp",
        mode: "tunnel",
        from: "192.1.2.23",
        to: "192.1.2.45",
        spi: "0x76a04f2a",
        integrity: "hmac-sha2-256",
        encryption: "aes",
      },
    ],
    [
      "esp tunnel from 10.0.0.1 to 10.0.0.2 spi 0x01020304 enc aes-256-gcm",
      { spi: "0x01020304", integrity: undefined, encryption: "aes-256-gcm" },
    ],
    [
      "@0 esp tunnel from 192.1.2.45 to 192.1.2.23 spi 0x0badcafe auth hmac-sha2-256 enc aes",
      { from: "192.1.2.45", spi: "0x0badcafe" },
    ],
    [
      "ipcomp transport from 10.0.0.1 to 10.0.0.2 spi 0x00000002 comp deflate",
      { mode: "transport" },
    ],
  ])("%s", (line, fields) => {
    expect(parseSa(line)).toMatchObject(fields);
    expect(parseFlow(line)).toBeUndefined();
  });

  it("is not seen in the lines that explain one", () => {
    for (const line of [
      "\tsa: spi 0x76a04f2a auth hmac-sha2-256 enc aes",
      "SAD:",
      "No entries",
      "",
    ]) {
      expect(parseSa(line)).toBeUndefined();
    }
  });
});

it("no line makes it throw or hang", () => {
  const words = fc.constantFrom(
    "flow",
    "esp",
    "from",
    "to",
    "srcid",
    "dstid",
    "type",
    "{",
    "}",
    "0x01020304",
    " ",
  );
  const line = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(words, { maxLength: 400 }).map((some) => some.join(" ")),
  );
  fc.assert(
    fc.property(line, (text) => {
      parseFlow(text);
      parseSa(text);
    }),
  );
});
