import { labPaths } from "../../lab/verify/pings";
import { outsideOf } from "../../lab/verify/outside";
import { spisWith } from "../../lab/verify/spis";
import type { Tunnel } from "../../lab/network/outputs";

const PEER = "198.51.100.11";
const GATEWAY = "198.51.100.1";

interface Sent {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  readonly payload: Buffer;
}

const bytes = (address: string): number[] => address.split(".").map(Number);

function udp(from: string, to: string, port: number, data: Buffer): Sent {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(port, 0);
  header.writeUInt16BE(port, 2);
  return { from, to, protocol: 17, payload: Buffer.concat([header, data]) };
}

function frame({ from, to, protocol, payload }: Sent): Buffer {
  const ethernet = Buffer.alloc(14);
  ethernet.writeUInt16BE(0x0800, 12);
  const ip = Buffer.alloc(20);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(20 + payload.length, 2);
  ip.writeUInt8(protocol, 9);
  ip.set([...bytes(from), ...bytes(to)], 12);
  return Buffer.concat([ethernet, ip, payload]);
}

function pcap(...frames: Buffer[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(1, 20);
  const records = frames.flatMap((data) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(data.length, 8);
    return [record, data];
  });
  return Buffer.concat([header, ...records]);
}

const pattern = Buffer.from("00112233445566778899aabbccddeeff", "hex");
const spi = Buffer.from("c0ffee0100000001aabbccddeeff0011", "hex");
const esp = frame(udp(PEER, GATEWAY, 4500, spi));
const ike = frame(udp(PEER, GATEWAY, 4500, Buffer.alloc(28)));
const keepalive = frame(udp(PEER, GATEWAY, 4500, Buffer.from([0xff])));

describe("what a capture says of the outside link", () => {
  const seenIn = (...frames: Buffer[]) => outsideOf(pcap(...frames), [pattern]);

  test("ESP is counted per peer; IKE and keepalives on the same port are not ESP", () => {
    const outside = seenIn(esp, ike, keepalive, esp);
    expect(outside.encrypted(PEER)).toBe(2);
    expect(outside.encrypted("198.51.100.12")).toBe(0);
    expect(outside.cleartext).toEqual([]);
  });

  test("ESP without UDP counts as well", () => {
    const bare = frame({ from: PEER, to: GATEWAY, protocol: 50, payload: spi });
    expect(seenIn(bare).encrypted(PEER)).toBe(1);
  });

  test.each([
    ["from inside", "10.20.1.100", "198.51.100.9"],
    ["to inside, after NAT", GATEWAY, "10.20.1.100"],
    ["to the office", PEER, "10.10.0.100"],
  ])("a packet %s is in clear, and named", (_, from, to) => {
    const { cleartext } = seenIn(frame({ from, to, protocol: 1, payload: Buffer.alloc(64) }));
    expect(cleartext).toEqual([expect.stringContaining(`${from} to ${to}, protocol 1`)]);
  });

  test("a ping's content is in clear whatever carries it", () => {
    const tunnelled = Buffer.concat([Buffer.alloc(13, 1), pattern]);
    expect(seenIn(frame(udp(PEER, GATEWAY, 4500, tunnelled))).cleartext).toHaveLength(1);
    const arp = Buffer.concat([Buffer.alloc(12), Buffer.from([0x08, 0x06]), pattern]);
    expect(seenIn(arp).cleartext).toHaveLength(1);
  });

  test("a capture that was cut short is read up to the cut", () => {
    const cut = pcap(esp, esp).subarray(0, -5);
    expect(outsideOf(cut, [pattern]).encrypted(PEER)).toBe(1);
  });

  test("what is no capture is an error, not an empty one", () => {
    expect(() => outsideOf(Buffer.alloc(0), [pattern])).toThrow(/capture/);
  });
});

test("SPIs of a peer in the gateway's state", () => {
  const state = `--- flows
flow esp in from 10.20.1.0/24 to 10.10.0.0/24 peer 198.51.100.11
--- sas
esp tunnel from 10.10.0.2 to 198.51.100.11 spi 0x6f1c2e01 auth hmac-sha2-512 enc aes-256
esp tunnel from 198.51.100.11 to 10.10.0.2 spi 0x0a0b0c0d auth hmac-sha2-512 enc aes-256
esp tunnel from 10.10.0.2 to 198.51.100.1 spi 0x11111111 auth hmac-sha2-512 enc aes-256
`;
  expect(spisWith(PEER, state)).toEqual(["0x0a0b0c0d", "0x6f1c2e01"]);
  expect(spisWith(PEER, "")).toEqual([]);
});

test("only enabled tunnels between hosts of the lab are its business", () => {
  const phase = { encryption: "aes-256", group: "none", lifetime: 3600 };
  const west: Tunnel = {
    name: "west",
    ikeVersion: 2,
    vendor: "other",
    kind: "policy",
    auth: "psk",
    pskGeneration: 1,
    watchdog: true,
    selectors: [{ local: "10.10.0.0/24", remote: "10.20.1.0/24" }],
    peer: PEER,
    local: ["10.10.0.0/24"],
    remote: ["10.20.1.0/24"],
    pairs: [{ local: "10.10.0.0/24", remote: "10.20.1.0/24" }],
    localId: "a",
    remoteId: "b",
    mode: "active",
    phase1: { ...phase, prf: "hmac-sha2-256" },
    phase2: phase,
    enabled: true,
  };
  const names = labPaths([
    west,
    { ...west, name: "disabled", enabled: false },
    { ...west, name: "elsewhere", peer: "203.0.113.1" },
    { ...west, name: "no-host", pairs: [{ local: "10.10.0.0/24", remote: "10.20.7.0/24" }] },
    { ...west, name: "no-pair", pairs: [{ local: "10.10.9.0/24", remote: "10.20.1.0/24" }] },
  ]).map(({ tunnel }) => tunnel.name);
  expect(names).toEqual(["west"]);
});
