import type {
  GatewayStatus,
  TunnelState,
  TunnelStatus,
} from "../../../../contract/documents/status";

const NAMES = [
  "west",
  "east",
  "north",
  "berlin",
  "lyon",
  "oslo",
  "porto",
  "turin",
  "ghent",
  "graz",
];

export interface Simulated {
  readonly count: number;
  /** By index; default: all proven. */
  readonly state?: (index: number) => TunnelState;
  /** Seconds since the first look. */
  readonly seconds?: number;
  /** ISO 8601. Default: 2026-11-23T12:00:00Z plus `seconds`. */
  readonly at?: string;
}

export function tunnelName(index: number): string {
  const name = NAMES[index % NAMES.length] ?? "site";
  return index < NAMES.length ? name : `${name}-${Math.floor(index / NAMES.length) + 1}`;
}

/** What a gateway with some tunnels would answer at a moment: the same for the same input. */
export function simulated({
  count,
  state = () => "proven",
  seconds = 0,
  at,
}: Simulated): GatewayStatus {
  const time = at ?? new Date(Date.UTC(2026, 10, 23, 12) + seconds * 1000).toISOString();
  return {
    at: time,
    gateway: {
      name: "gw-test",
      address: "10.10.0.2",
      daemon: "iked",
      uptimeSeconds: 273_000 + seconds,
    },
    tunnels: Array.from({ length: count }, (_, index) =>
      tunnel(index, state(index), seconds, time),
    ),
    problems: [],
  };
}

function tunnel(index: number, state: TunnelState, seconds: number, at: string): TunnelStatus {
  const live = state === "proven" || state === "established" || state === "unmanaged";
  const rekeys = Math.floor(seconds / 3600);
  const age = seconds % 3600;
  const wave = 1 + 0.6 * Math.sin(seconds / 90 + index) + 0.3 * Math.sin(seconds / 17 + index * 3);
  const bytesIn = Math.round(
    age * 9000 * (1 + (index % 7)) + 60_000 * wave * (1 + (index % 5)) + 200_000,
  );
  const remote = `10.${20 + Math.floor(index / 250)}.${(index % 250) + 1}.0/24`;
  return {
    name: tunnelName(index),
    peer: `198.51.100.${(index % 240) + 11}`,
    daemon: "iked",
    state,
    since: new Date(Date.parse(at) - age * 1000).toISOString(),
    selectors: [
      {
        ...{ local: "10.10.0.0/24", remote, state },
        ...(live && {
          childSa: {
            spiIn: `0x${(0x1000_0000 + index * 16 + rekeys).toString(16)}`,
            spiOut: `0x${(0x2000_0000 + index * 16 + rekeys).toString(16)}`,
            ...{ encryption: "aes-256", integrity: "hmac-sha2-512", group: "ecp256" },
            ...{ ageSeconds: age, expiresSeconds: 3600 - age, idleSeconds: 1 },
            ...{ bytesIn, bytesOut: Math.round(bytesIn / 2.4) },
            ...{ packetsIn: Math.round(bytesIn / 900), packetsOut: Math.round(bytesIn / 1400) },
          },
        }),
      },
    ],
    ...(live && {
      ikeSa: {
        ...{ ageSeconds: age, encryption: "aes-256", integrity: "hmac-sha2-256" },
        ...{
          prf: "hmac-sha2-256",
          group: "ecp256",
          natt: true,
          peerId: `FQDN/${tunnelName(index)}.example.net`,
        },
      },
    }),
    ...(state !== "disabled" &&
      state !== "unmanaged" && {
        probe: {
          ...{ source: "10.10.0.2", target: remote.replace(".0/24", ".100"), at },
          ok: state === "proven",
          ...(state === "proven" && { rttMs: 8 + (index % 30) }),
          lossPercent: state === "proven" ? 0 : 100,
        },
      }),
    differs: [],
  };
}
