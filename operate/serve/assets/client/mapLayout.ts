import type { TunnelState } from "../../../../contract/documents/status";
import { STATES, type TunnelLine } from "../../pageState";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface SitePlace extends Place {
  readonly tunnel: TunnelLine;
  /** Which side of the mark the name stands on. */
  readonly anchor: "start" | "end" | "above" | "below";
  /** For the name, in pixels. */
  readonly room: number;
}

export interface ClusterPlace extends Place {
  readonly state: TunnelState;
  readonly radius: number;
  readonly dots: readonly (Place & { readonly tunnel: TunnelLine })[];
}

export type Layout =
  | {
      readonly kind: "sites";
      readonly height: number;
      readonly gateway: Place;
      readonly sites: readonly SitePlace[];
    }
  | {
      readonly kind: "clusters";
      readonly height: number;
      readonly gateway: Place;
      readonly clusters: readonly ClusterPlace[];
    };

/** More sites than this have no room for their names. */
const MOST_SITES = 24;
const MOST_IN_RING = 8;
const PITCH = 40;
const CAPTION = 30;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** The picture of a width: each site with its name while they fit, else the states as swarms. */
export function layout(tunnels: readonly TunnelLine[], width: number): Layout {
  const sorted = [...tunnels].sort((left, right) => (left.name < right.name ? -1 : 1));
  if (sorted.length > MOST_SITES) return clusters(sorted, width);
  if (sorted.length <= MOST_IN_RING && width >= 400) return ring(sorted, width);
  return ladder(sorted, width);
}

/** Around the gateway, evenly, in no more height than that takes. */
function ring(tunnels: readonly TunnelLine[], width: number): Layout {
  const room = 96;
  const reach = { x: Math.min(width / 2 - room - 30, 200), y: 130 };
  const turn = tunnels.length === 2 ? Math.PI : -Math.PI / 2;
  const angles = tunnels.map((_, index) => turn + (index * 2 * Math.PI) / tunnels.length);
  const heights = [0, ...angles.map((angle) => reach.y * Math.sin(angle))];
  const top = Math.min(-40, ...heights);
  const height = Math.max(60, ...heights) - top + 2 * 48;
  const gateway = { x: width / 2, y: 48 - top };
  const sites = tunnels.map((tunnel, index): SitePlace => {
    const angle = angles[index] ?? 0;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const upright = Math.abs(cos) < 0.3;
    const beside = cos > 0 ? "start" : "end";
    return {
      ...{ tunnel, room: upright ? 2 * room : room },
      anchor: upright ? (sin < 0 ? "above" : "below") : beside,
      x: gateway.x + reach.x * cos,
      y: gateway.y + reach.y * sin,
    };
  });
  return { kind: "sites", height, gateway, sites };
}

/** In a column on either side: a name beside each, at any number. */
function ladder(tunnels: readonly TunnelLine[], width: number): Layout {
  const left = Math.ceil(tunnels.length / 2);
  const height = Math.max(left * PITCH, 160) + 24;
  const gateway = { x: width / 2, y: height / 2 };
  const room = Math.min(150, width * 0.31);
  const sites = tunnels.map((tunnel, index): SitePlace => {
    const onLeft = index < left;
    const rows = onLeft ? left : tunnels.length - left;
    const row = onLeft ? index : index - left;
    const y = height / 2 + (row - (rows - 1) / 2) * PITCH;
    const x = onLeft ? room + 12 : width - room - 12;
    return { ...{ tunnel, room, x, y }, anchor: onLeft ? "end" : "start" };
  });
  return { kind: "sites", height, gateway, sites };
}

/** One swarm per state, each tunnel a dot in it, so that ten bad ones of five hundred are seen. */
function clusters(tunnels: readonly TunnelLine[], width: number): Layout {
  const groups = STATES.map((state) => ({
    state,
    members: tunnels.filter((tunnel) => tunnel.state === state),
  })).filter(({ members }) => members.length > 0);
  const most = Math.max(...groups.map(({ members }) => members.length));
  const spacing = Math.min((width * 0.23) / Math.sqrt(most), 13);
  const swarms = groups.map(({ state, members }) => {
    const radius = Math.max(spacing * Math.sqrt(members.length - 1) + 9, 14);
    return { state, members, radius, big: members.length === most };
  });
  // The biggest has the left to itself; the others share the right, each with a line for its name.
  const biggest = swarms.find(({ big }) => big);
  const others = swarms.filter((swarm) => swarm !== biggest);
  const reach = biggest?.radius ?? 0;
  const stack = others.reduce((sum, { radius }) => sum + 2 * radius + CAPTION, 0);
  const height = Math.max(320, stack + 32, 2 * reach + 2 * CAPTION);
  const gateway = { x: reach === 0 ? width / 2 : 2 * reach + 64, y: height / 2 };
  const gap = (height - stack) / (others.length + 1);
  let top = gap;
  const placed = others.map(({ state, members, radius }): ClusterPlace => {
    const centre = { x: width - Math.max(radius, 76) - 8, y: top + radius };
    top += 2 * radius + CAPTION + gap;
    return { ...centre, state, radius, dots: swarm(members, centre, spacing) };
  });
  if (biggest !== undefined) {
    const { state, members, radius } = biggest;
    const centre = { x: radius + 10, y: height / 2 - 8 };
    placed.push({ ...centre, state, radius, dots: swarm(members, centre, spacing) });
  }
  return { kind: "clusters", height, gateway, clusters: placed };
}

/** Evenly spread from the middle outwards, as the seeds of a sunflower. */
function swarm(
  members: readonly TunnelLine[],
  centre: Place,
  spacing: number,
): ClusterPlace["dots"] {
  return members.map((tunnel, index) => ({
    tunnel,
    x: centre.x + spacing * Math.sqrt(index) * Math.cos(index * GOLDEN),
    y: centre.y + spacing * Math.sqrt(index) * Math.sin(index * GOLDEN),
  }));
}

/** A name that fits, at 7 pixels a character. */
export function shortened(text: string, room: number): string {
  const most = Math.max(4, Math.floor(room / 7));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
