import { foundationScript, forwardScript } from "../../render/perimeter/drivers";
import { routeName } from "../../render/perimeter/routes";
import { routeScript } from "../../render/perimeter/routeScript";
import { hostTarget, type SshTarget } from "../ssh/target";
import type { PerimeterOutput } from "../../contract/perimeter";

/** One thing that the stack left on a machine around the gateway. */
export interface Piece {
  /** As its resource is called: `udp-500`, `files-route-10.20.0.0-16`. */
  readonly name: string;
  readonly kind: "foundation" | "forward" | "route";
  /** Of render/perimeter: `sh -s state` tells what is there. */
  readonly script: string;
}

/** A machine around the gateway that the stack reaches, and what it left there. */
export interface Machine {
  readonly target: SshTarget;
  readonly pieces: readonly Piece[];
}

/** The firewall first. Pure; a firewall that the stack does not drive is none of them. */
export function machines(perimeter: PerimeterOutput | undefined): Machine[] {
  if (perimeter === undefined) return [];
  const hosts = perimeter.hosts.map(({ name, ssh, routes }) => ({
    target: hostTarget(name, ssh),
    pieces: routePieces(name, `${name}-`, routes),
  }));
  return [...firewall(perimeter), ...hosts].filter(({ pieces }) => pieces.length > 0);
}

function firewall({ driver, ssh, forwards, routes }: PerimeterOutput): Machine[] {
  const [first] = forwards;
  if (ssh === undefined || driver === undefined || driver === "manual" || first === undefined) {
    return [];
  }
  const pieces: Piece[] = [
    {
      name: "perimeter",
      kind: "foundation",
      script: foundationScript(driver, first.machine, first.outside),
    },
    ...forwards.map((forward) => ({
      name: forward.name,
      kind: "forward" as const,
      script: forwardScript(driver, forward),
    })),
    ...routePieces("perimeter", "", routes),
  ];
  return [{ target: hostTarget("perimeter", ssh), pieces }];
}

function routePieces(host: string, prefix: string, routes: PerimeterOutput["routes"]): Piece[] {
  return routes.map((route) => ({
    name: `${prefix}${routeName(route)}`,
    kind: "route",
    script: routeScript(host, route),
  }));
}
