import { armsOf } from "./arms";
import { contains, formatNetwork, hostNetwork, type Network, parseNetwork } from "./net";
import { localNetworks, type Paired, remoteNetworks } from "./pairs";
import { fixedAddresses } from "./peer";
import type { Admin, NetworkConfig, Tunnel } from "./schema";

/** What a tunnel for every address is told apart by. */
type Candidate = Paired & Pick<Tunnel, "kind" | "enabled" | "except" | "peer">;

/** What the exceptions of a tunnel for every address follow from. */
export interface Surroundings<T extends Candidate = Tunnel> {
  readonly network: NetworkConfig;
  readonly admin: Pick<Admin, "networks">;
  readonly tunnels: readonly T[];
}

/** Every IPv4 address. */
export const EVERYWHERE = "0.0.0.0/0";

/** Whether the tunnel takes all that no nearer network takes. */
export function leadsEverywhere(tunnel: Paired): boolean {
  return tunnel.pairs.some(({ remote }) => remote === EVERYWHERE);
}

/**
 * The tunnel for every address: of several the enabled one, which is the only one (GW262). What a disabled one is for does
 * not leave in clear either, so its exceptions hold all the same.
 */
export function everywhere<T extends Candidate>({ tunnels }: { readonly tunnels: readonly T[] }) {
  const all = tunnels.filter(leadsEverywhere);
  return all.find(({ enabled }) => enabled) ?? all[0];
}

/** Networks of which none lies in another one: in their order, the wider ones only. */
export function widest(networks: readonly Network[]): Network[] {
  return networks.filter((one, index) =>
    networks.every(
      (other, place) =>
        place === index ||
        !contains(other, one) ||
        // Of two equal ones the first.
        (contains(one, other) && index < place),
    ),
  );
}

/**
 * The networks that a tunnel for every address leaves out without being told, each a reason why the gateway could
 * not be reached or could not bring up the tunnel: its own side's, the administrators', resolvers, peers.
 */
function byThemselves({ network, admin, tunnels }: Surroundings<Candidate>): Network[] {
  const enabled = tunnels.filter((tunnel) => tunnel.enabled || leadsEverywhere(tunnel));
  const own = [
    ...armsOf(network).flatMap(({ address }) => address ?? []),
    ...enabled.flatMap(localNetworks),
    ...admin.networks,
  ].flatMap((text) => parseNetwork(text) ?? []);
  const hosts = [...network.dns, ...fixedAddresses(enabled)];
  return [...own, ...hosts.flatMap((text) => hostNetwork(text) ?? [])];
}

/**
 * What the tunnel for every address does not take, none within another; empty without such a tunnel. What lies in
 * a nearer tunnel's network goes through that tunnel, and is no exception.
 */
export function exceptions(config: Surroundings<Candidate>): string[] {
  const wide = everywhere(config);
  if (wide === undefined) return [];
  const declared = (wide.except ?? []).flatMap((text) => parseNetwork(text) ?? []);
  const nearer = nearerNetworks(config, wide);
  const implied = byThemselves(config).filter(
    (one) => one.family === 4 && !nearer.some((network) => contains(network, one)),
  );
  return widest([...declared, ...implied]).map(formatNetwork);
}

/** The networks of the other tunnels, also of disabled ones: these never leave in clear. */
export function nearerNetworks<T extends Candidate>(
  { tunnels }: { readonly tunnels: readonly T[] },
  wide: T,
): Network[] {
  return tunnels
    .filter((tunnel) => tunnel !== wide)
    .flatMap(remoteNetworks)
    .filter((network) => network !== EVERYWHERE)
    .flatMap((text) => parseNetwork(text) ?? []);
}

/** A flow of which both directions go past every tunnel. */
export interface Bypass {
  readonly from: string;
  readonly to: string;
}

/** The flows that keep the exceptions out of the tunnel; none of another tunnel. */
export function bypasses(config: Surroundings<Candidate>, tunnel: Candidate): Bypass[] {
  if (everywhere(config) !== tunnel) return [];
  const locals = tunnel.pairs.flatMap(({ local, remote }) => (remote === EVERYWHERE ? local : []));
  const excepted = exceptions(config);
  return locals.flatMap((from) => excepted.map((to) => ({ from, to })));
}

/** The exceptions that hosts behind the gateway reach through it: the declared ones, and networks of their own side. */
export function passedInClear(config: Surroundings<Candidate>): string[] {
  const wide = everywhere(config);
  if (wide === undefined) return [];
  const own = [
    ...(wide.except ?? []),
    ...armsOf(config.network).flatMap(({ address }) => address ?? []),
    ...config.tunnels.filter((one) => one.enabled || one === wide).flatMap(localNetworks),
  ].flatMap((text) => parseNetwork(text) ?? []);
  return widest(own.filter(({ family }) => family === 4)).map(formatNetwork);
}
