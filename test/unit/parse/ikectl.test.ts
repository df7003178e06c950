import fc from "fast-check";
import { parseChildSa, parseIkeFlow, parseIkeSa } from "../../../parse/ikectl";
import { parseIsakmpdResult } from "../../../parse/isakmpdResult";

// Forms: iked's ikev2_info_sa and ikev2_info_csa; `udpecap` is what releases before 7.8 print.
describe("an IKE SA", () => {
  const line =
    "iked_sas: 0x9c7f2a rspi 0x0123456789abcdef ispi 0xfedcba9876543210 " +
    "192.0.2.1:4500->198.51.100.14:4500<FQDN/west>[] ESTABLISHED i natt udpencap nexti 0x0 pol 0x7b";

  it("shows who it is with, and the identity by which it is reset", () => {
    expect(parseIkeSa(line)).toEqual({
      ref: "0x9c7f2a",
      spi: "0xfedcba9876543210",
      local: "192.0.2.1:4500",
      peer: "198.51.100.14:4500",
      peerId: "FQDN/west",
      state: "ESTABLISHED",
      initiator: true,
      nat: true,
    });
    expect(parseIkeSa(line.replace("udpencap", "udpecap"))).toEqual(parseIkeSa(line));
  });

  it("may have no NAT, another role, and IPv6 ends", () => {
    const other = line
      .replace(" i natt udpencap", " r")
      .replace("198.51.100.14:4500", "[2001:db8::14]:500")
      .replace("ESTABLISHED", "SA_INIT");
    expect(parseIkeSa(other)).toMatchObject({
      peer: "[2001:db8::14]:500",
      state: "SA_INIT",
      initiator: false,
      nat: false,
    });
  });

  it("is at its own address, whatever its identity looks like", () => {
    const told = parseIkeSa(line.replace("FQDN/west", "FQDN/a->b<FQDN/west"));
    expect(told).toMatchObject({ peer: "198.51.100.14:4500", peerId: "FQDN/a->b<FQDN/west" });
  });

  it("is not counted twice by the list that is sorted by identity", () => {
    expect(parseIkeSa(line.replace("iked_sas", "iked_dstid_sas"))).toBeUndefined();
  });
});

describe("a child SA", () => {
  const line =
    "  sa_childsas: 0x9c7f ESP 0x0badcafe in 198.51.100.14:4500 -> 192.0.2.1:4500 (LA) B=0x0 P=0x9c80 @0x9c81";

  it("shows its SPI and whether the kernel has it", () => {
    expect(parseChildSa(line)).toEqual({
      ike: "0x9c81",
      protocol: "ESP",
      spi: "0x0badcafe",
      direction: "in",
      from: "198.51.100.14:4500",
      to: "192.0.2.1:4500",
      loaded: true,
      rekeyed: false,
    });
    expect(parseChildSa(line.replace("(LA)", "(RA)"))).toMatchObject({
      loaded: false,
      rekeyed: true,
    });
  });

  it("is not counted twice by the list of all", () => {
    expect(parseChildSa(line.trim().replace("sa_childsas", "iked_activesas"))).toBeUndefined();
  });
});

describe("a flow of iked", () => {
  const line = "  sa_flows: 0x9c7f ESP out 10.10.0.0/24 -> 10.20.0.0/24 [0]@-1 (L) @0x9c81";

  it("shows the networks and the IKE SA they belong to", () => {
    expect(parseIkeFlow(line)).toEqual({
      ike: "0x9c81",
      direction: "out",
      from: "10.10.0.0/24",
      to: "10.20.0.0/24",
      protocol: 0,
      loaded: true,
    });
    expect(parseIkeFlow(line.replace("(L)", "()"))?.loaded).toBe(false);
  });

  it("may show the network before NAT, and is not counted twice by the list of all", () => {
    const nat = line.replace("10.20.0.0/24 [", "10.20.0.0/24 [192.0.2.0/24] [");
    expect(parseIkeFlow(nat)?.to).toBe("10.20.0.0/24");
    expect(parseIkeFlow(line.trim().replace("sa_flows", "iked_flows"))).toBeUndefined();
  });
});

describe("isakmpd's result", () => {
  // Labels: isakmpd's sa_dump.
  const text = `SA name: peer-198.51.100.14 (Phase 1/Initiator)
src: 10.10.0.2 dst: 198.51.100.14
Lifetime: 28800 seconds
Soft timeout in 25000 seconds
Hard timeout in 28000 seconds
Flags 0x00000053
icookie 0123456789abcdef rcookie 0123456789abcdef

SA name: from-10.10.0.0/24-to-10.20.0.0/24 (Phase 2)
src: 10.10.0.2 dst: 198.51.100.14
Lifetime: 3600 seconds
SPI 0: 0badcafe
SPI 1: deadbeef
Transform: IPsec ESP
Encryption algorithm: AES (CBC)

SA name: <unnamed> (Phase 1)
<no transport>
`;

  it("lists SAs by the names that ipsecctl gave them", () => {
    expect(parseIsakmpdResult(text)).toEqual([
      {
        name: "peer-198.51.100.14",
        phase: 1,
        source: "10.10.0.2",
        destination: "198.51.100.14",
        spis: [],
        lifetime: 28800,
        remaining: 28000,
      },
      {
        name: "from-10.10.0.0/24-to-10.20.0.0/24",
        phase: 2,
        pair: { from: "10.10.0.0/24", to: "10.20.0.0/24" },
        source: "10.10.0.2",
        destination: "198.51.100.14",
        spis: ["0badcafe", "deadbeef"],
        lifetime: 3600,
      },
      { name: "<unnamed>", phase: 1, source: undefined, destination: undefined, spis: [] },
    ]);
  });
});

it("no text makes it throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
      parseIkeSa(text);
      parseChildSa(text);
      parseIkeFlow(text);
      parseIsakmpdResult(text);
    }),
  );
});
