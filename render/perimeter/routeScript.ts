import { family, parseNetwork } from "../../config/net";
import { lines } from "../text";
import { linuxRoute } from "./routeLinux";
import { openbsdRoute } from "./routeOpenbsd";
import type { Route } from "../../contract/perimeter";
import { routeName } from "./routes";
import type { RouteSystem } from "./routeSystem";
import { HOME, hostScript } from "./script";

export const ROUTES = `${HOME}/routes`;

/**
 * Script for one route: `sh -s apply|remove|state`. The system and what configures its network are
 * found on the host. The file `routes/MACHINE.NAME` there marks the route as ours: what has none is
 * somebody else's, and is named, not changed.
 */
export function routeScript(host: string, route: Route): string {
  const name = routeName(route);
  const owned = `${ROUTES}/${route.machine}.${name}`;
  const id = `${route.machine}.${name}`;
  return hostScript(
    { subject: `${host} ${name}`, id },
    {
      common: lines(
        `network=${route.network} via=${route.via} owned=${owned}`,
        `family=${family(route.network) === 6 ? 6 : 4} short=${shortForm(route.network)}`,
        "case $(uname -s) in",
        "Linux)",
        system(linuxRoute(route)),
        "  ;;",
        "OpenBSD)",
        system(openbsdRoute(route)),
        "  ;;",
        '*) refuse "$(uname -s) is not known here: set the route by hand and leave this host out" ;;',
        "esac",
        // What the mark says is what we added: another gateway address than now, after a change.
        // The file of a run that was cut may be empty, and then says nothing.
        'ours() { [ -f "$owned" ] && read -r _ was _ <"$owned" && [ -n "$was" ]; }',
        `owned_text() { printf '%s %s %s\\n' "$network" "$via" "$dev"; }`,
      ),
      apply: lines(
        "dev=$(device)",
        '[ -n "$dev" ] || refuse "the gateway $via is not on a network of this host: a route needs it as its next hop"',
        "keepable",
        "found=$(existing)",
        "was=",
        'if [ -n "$found" ] && ! { ours && printf \'%s\\n\' "$found" | grep -qwF "$was"; }; then',
        '  refuse "this host has a route of its own to $network ($found): remove it, or leave the network out"',
        "fi",
        // Not beside the marks, which are all read at boot.
        `mkdir -p ${ROUTES}`,
        `write owned_text ${HOME}/route`,
        `replace ${HOME}/route`,
        `mv -f ${HOME}/route "$owned"`,
        '[ -z "$found" ] || del "$was"',
        "add",
        "keep",
      ),
      remove: lines(
        'ours || { rm -f "$owned"; return 0; }',
        'read -r _ _ dev <"$owned"',
        'if existing | grep -qwF "$was"; then del "$was"; fi',
        "forget",
        `rm -f "$owned"; rmdir ${ROUTES} 2>/dev/null || true; rmdir ${HOME} 2>/dev/null || true`,
      ),
      state: lines(
        "dev=$(device); found=$(existing); was=",
        'if [ -z "$found" ]; then say missing "no route to $network"',
        'elif ! printf \'%s\\n\' "$found" | grep -qwF "$via"; then say foreign "$found"',
        'elif ! ours; then say foreign "$found, which the stack did not add"',
        "elif ! kept; then say unkept 'nothing sets the route at boot'",
        "else say present ''; fi",
      ),
    },
  );
}

function system({ queries, add, del, keeping }: RouteSystem): string {
  return [queries.trimEnd(), `add() { ${add}; }`, `del() { ${del}; }`, keeping.trimEnd()].join(
    "\n",
  );
}

/** As OpenBSD's route(8) prints an IPv4 network: without the parts that the prefix makes zero. */
function shortForm(cidr: string): string {
  const network = parseNetwork(cidr);
  if (network?.family !== 4) return cidr;
  const parts = network.address.split(".").slice(0, Math.max(1, Math.ceil(network.prefix / 8)));
  return network.prefix === 32 ? network.address : `${parts.join(".")}/${network.prefix}`;
}
