import { profiles } from "../../config/profiles";
import type { Daemon, ProfileName, StackConfig } from "../../config/schema";
import { tunnelFile } from "../../render/tunnelFile";
import { edited, load, type Values, values } from "../unit/support/stack";
import { daemonsOf, GOLDEN_PSK, topologies } from "./topologies";

/** What gives a tunnel's own file another form, whatever its algorithms are. */
const FORMS = [
  ...["nated", "v6", "several-networks", "disabled-tunnel", "peer-in-remote"],
  ...[
    "traffic",
    "protocols",
    "nat",
    "nat-networks",
    "routed",
    "routed-only",
    "routed-v6",
    "publickey",
  ],
];

/** Every form with every profile that the daemon has. */
export function matrix(daemon: Daemon): [form: string, profile: ProfileName][] {
  const names = Object.keys(profiles[daemon]) as ProfileName[];
  const forms = FORMS.filter((form) => daemonsOf(form).includes(daemon));
  return forms.flatMap((form) => names.map((name): [string, ProfileName] => [form, name]));
}

/** The topology, each of its tunnels with the algorithms of the profile. */
export function profiled(form: string, daemon: Daemon, profile: ProfileName): StackConfig {
  const all = edited({ ...topologies[form], "ike.daemon": daemon }, values());
  const exception = { reason: "no other firmware", expires: "2027-03-31" };
  const tunnels = (all.tunnels as Values[]).map((tunnel) => ({
    ...edited({ phase1: undefined, phase2: undefined }, tunnel),
    ...{ profile, ...(profile === "legacy-v1" && { exception }) },
  }));
  return load({ ...all, tunnels }).config;
}

export function tunnelTexts(config: StackConfig): string {
  return config.tunnels.map((tunnel) => tunnelFile(config, tunnel, GOLDEN_PSK)).join("\n");
}
