/** One Ethernet frame of a capture that carries IPv4. */
export interface Packet {
  readonly source: string;
  readonly destination: string;
  /** IP protocol number: 1 ICMP, 17 UDP, 50 ESP. */
  readonly protocol: number;
  /** What follows the IPv4 header. */
  readonly payload: Buffer;
  readonly frame: Buffer;
}

/** What is not IPv4 has no addresses. */
export type Frame = Packet | Pick<Packet, "frame">;

const MAGIC = 0xa1b2c3d4;
const ETHERNET = 1;
const ETHERTYPE_IPV4 = 0x0800;

/**
 * Every frame of a capture in tcpdump's format (pcap, microseconds, Ethernet); those that are not
 * IPv4 (ARP) come without addresses.
 * @throws Error when the file is not such a capture
 */
export function readPcap(file: Buffer): Frame[] {
  const little = file.length >= 24 && file.readUInt32LE(0) === MAGIC;
  if (!little || file.readUInt32LE(20) !== ETHERNET) throw new Error("not an Ethernet capture");
  const packets: Frame[] = [];
  let at = 24;
  // A capture that was cut short ends in the middle of a record.
  while (at + 16 <= file.length && at + 16 + file.readUInt32LE(at + 8) <= file.length) {
    const length = file.readUInt32LE(at + 8);
    packets.push(readFrame(file.subarray(at + 16, at + 16 + length)));
    at += 16 + length;
  }
  return packets;
}

function readFrame(frame: Buffer): Frame {
  if (frame.length < 34 || frame.readUInt16BE(12) !== ETHERTYPE_IPV4) return { frame };
  const headerLength = (frame.readUInt8(14) & 0x0f) * 4;
  return {
    source: [...frame.subarray(26, 30)].join("."),
    destination: [...frame.subarray(30, 34)].join("."),
    protocol: frame.readUInt8(23),
    payload: frame.subarray(14 + headerLength, 14 + frame.readUInt16BE(16)),
    frame,
  };
}
