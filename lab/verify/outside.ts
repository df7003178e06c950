import { INSIDE } from "../network/sites";
import { contains } from "./ipv4";
import { type Frame, type Packet, readPcap } from "./pcap";

const UDP = 17;
const ESP = 50;
const NAT_T = 4500;

/** What a capture of the outside link says. */
export interface Outside {
  /** A line per frame that shows an inside address, or the content of a ping, whatever carries it. */
  readonly cleartext: readonly string[];
  /** ESP packets, plain or in UDP 4500, from or to an address. */
  readonly encrypted: (peer: string) => number;
}

/** @param patterns contents of pings, each at least once whole in every packet */
export function outsideOf(pcap: Buffer, patterns: readonly Buffer[]): Outside {
  const packets = readPcap(pcap);
  const ip = packets.filter((packet): packet is Packet => "source" in packet);
  return {
    cleartext: packets
      .filter(
        (packet) =>
          patterns.some((pattern) => packet.frame.includes(pattern)) ||
          ("source" in packet && (inside(packet.source) || inside(packet.destination))),
      )
      .map(described),
    encrypted: (peer) =>
      ip.filter((packet) => isEsp(packet) && [packet.source, packet.destination].includes(peer))
        .length,
  };
}

function described(packet: Frame): string {
  if (!("source" in packet)) return `no IPv4: ${packet.frame.subarray(0, 14).toString("hex")}`;
  const { source, destination, protocol, payload } = packet;
  return `${source} to ${destination}, protocol ${protocol}: ${payload.subarray(0, 16).toString("hex")}`;
}

const inside = (address: string): boolean => INSIDE.some((network) => contains(network, address));

// RFC 3948: behind the UDP header IKE has four zero bytes, a keepalive a single byte, ESP its SPI.
function isEsp({ protocol, payload }: Packet): boolean {
  if (protocol === ESP) return true;
  if (protocol !== UDP || payload.length < 8 + 8) return false;
  const ports = [payload.readUInt16BE(0), payload.readUInt16BE(2)];
  return ports.includes(NAT_T) && payload.readUInt32BE(8) !== 0;
}
