import { type Arm, armsOf, isTwoArmed, outsideAddress, ownAddresses } from "../config/arms";
import { addressOf, formatNetwork, parseNetwork } from "../config/net";
import type { StackConfig } from "../config/schema";
import { table } from "./pfAccess";

interface Side extends Pick<Arm, "side" | "interface"> {
  readonly network: string;
}

function sidesOf({ network }: StackConfig): Side[] {
  return armsOf(network).flatMap(({ side, interface: name, address = "" }) => {
    const parsed = parseNetwork(address);
    return parsed ? [{ side, interface: name, network: formatNetwork(parsed) }] : [];
  });
}

/**
 * What `antispoof` of pf.conf(5) stands for, written out: pfctl makes it of the addresses that an interface has
 * while it loads, and a second arm has none at its first. Only the arms are named, as what comes out of a tunnel
 * (enc0) may come from anywhere that its own rule allows.
 */
export function spoofing(config: StackConfig): string[] {
  if (!isTwoArmed(config.network)) return [];
  const all = sidesOf(config);
  return [
    "# Addresses of one side come from that side only (antispoof), and the gateway's own from none.",
    ...table("own_addresses", ownAddresses(config.network)),
    "block drop in log quick on $arms from <own_addresses> to any",
    ...all.flatMap(({ interface: name, network }) => {
      const others = all.map((side) => side.interface).filter((other) => other !== name);
      return others.length === 0
        ? []
        : [`block drop in log quick on ${list(others)} from ${network} to any`];
    }),
  ];
}

/**
 * The networks that `network.internet` lets out, as the outside address. Later rules let them into the tunnels;
 * those before have kept the networks behind the tunnels.
 */
export function internet(config: StackConfig): string[] {
  const { network } = config;
  if (network.internet.length === 0) return [];
  const inside = sidesOf(config).filter(({ side }) => side === "inside");
  const outside = addressOf(outsideAddress(network));
  return [
    "# From the inside to the Internet, and to no other inside network nor the gateway itself.",
    ...table("internet_nets", network.internet),
    ...table(
      "inside_nets",
      inside.map((one) => one.network),
    ),
    `match out on $ext inet from <internet_nets> to any nat-to ${outside}`,
    "pass in on $int inet from <internet_nets> to any tag LAN2NET",
    "block in log on $int from any to { <inside_nets> <own_addresses> }",
    "pass out on $ext inet tagged LAN2NET",
  ];
}

const list = (names: readonly string[]): string =>
  names.length === 1 ? names.join("") : `{ ${names.join(" ")} }`;
