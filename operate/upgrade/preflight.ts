import { gib } from "../../config/units";
import type { Finding } from "../../contract/documents/operate";
import type { GatewayStatus } from "../../contract/documents/status";
import { nextRelease, type ReleaseFacts } from "./facts";

/** sysupgrade keeps about 0.8 GB of sets below /home. */
export const HOME_KIB = 1024 ** 2;
/** From here on sysupgrade refuses by itself. */
export const USR_PERCENT = 90;

export interface Seen {
  readonly to: string;
  readonly facts: ReleaseFacts;
  /** What the gateway lists of errata: `missing NAME`, `reboot needed`, `unknown REASON`. */
  readonly errata: readonly string[];
  readonly status: GatewayStatus;
  readonly copy: Finding;
}

/** Everything that decides whether the upgrade may begin; what is refused says how to put it right. */
export function preflight({ to, facts, errata, status, copy }: Seen): Finding[] {
  return [releaseOrder(facts.release, to), installed(errata), room(facts), tunnels(status), copy];
}

function releaseOrder(release: string, to: string): Finding {
  const next = nextRelease(release);
  const name = "release";
  if (to === next) return { name, ok: true, detail: `${release}, and ${next} is the next one` };
  return {
    name,
    ok: false,
    detail: `${release} is followed by ${next}, not ${to}: one release at a time`,
  };
}

function installed(errata: readonly string[]): Finding {
  const name = "errata";
  const wrong = errata.filter((line) => !line.startsWith("installed ") && line !== "unchanged");
  if (wrong.length === 0) return { name, ok: true, detail: "all installed" };
  return {
    name,
    ok: false,
    detail: `${wrong.join(", ")}: bring the stack up with system.patches.policy: apply, or run syspatch there`,
  };
}

function room({ homeFreeKib, usrUsedPercent }: ReleaseFacts): Finding {
  const wrong = [
    ...(homeFreeKib < HOME_KIB
      ? [`/home has ${gib(homeFreeKib * 1024)} free, the sets need ${gib(HOME_KIB * 1024)}`]
      : []),
    ...(usrUsedPercent >= USR_PERCENT
      ? [`/usr is ${usrUsedPercent} % full, sysupgrade refuses from ${USR_PERCENT} % on`]
      : []),
  ];
  const seen = `/home ${gib(homeFreeKib * 1024)} free, /usr ${usrUsedPercent} % full`;
  return {
    name: "room",
    ok: wrong.length === 0,
    detail: wrong.length === 0 ? seen : `${wrong.join("; ")}: remove what is not needed there`,
  };
}

function tunnels(status: GatewayStatus): Finding {
  const wrong = unproven(status);
  const count = status.tunnels.filter(({ state }) => state === "proven").length;
  return {
    name: "tunnels",
    ok: wrong.length === 0,
    detail:
      wrong.length === 0
        ? `${count} proven`
        : `${wrong.join(", ")}: ./scripts/gateway why NAME says what is wrong`,
  };
}

/** `NAME is STATE` for each that should carry packets and was not seen to. */
export function unproven({ tunnels: all, problems }: GatewayStatus): readonly string[] {
  const wrong = all.filter(({ state }) => state !== "proven" && state !== "disabled");
  return wrong.length > 0 ? wrong.map(({ name, state }) => `${name} is ${state}`) : problems;
}
