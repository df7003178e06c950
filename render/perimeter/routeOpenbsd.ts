import { lines } from "../text";
import { type Route, routeName } from "./routes";
import type { RouteSystem } from "./routeScript";

/** route(8), kept by a line in the interface's hostname.if(5), which netstart(8) runs. */
export function openbsdRoute(route: Route): RouteSystem {
  const inet = route.network.includes(":") ? "-inet6" : "-inet";
  const line = `!route -qn add ${inet} ${route.network} ${route.via} # openbsd-ipsec-gateway ${route.machine} ${routeName(route)}`;
  const marked = ` # openbsd-ipsec-gateway ${route.machine} ${routeName(route)}`;
  return {
    queries: lines(
      `device() { route -n get "$via" 2>/dev/null | awk '$1 == "gateway:" { far = 1 } $1 == "interface:" { name = $2 } END { if (!far) print name }'; }`,
      `existing() { route -n show ${inet} | awk -v full="$network" -v short="$short" '$1 == full || $1 == short { print $1 " via " $2 }'; }`,
    ),
    add: `route -qn add ${inet} "$network" "$via"`,
    del: `route -qn delete ${inet} "$network" "$1"`,
    keeping: lines(
      "hostname_if() { printf '/etc/hostname.%s' \"$dev\"; }",
      // hostname.if(5) may hold keys: the copy has its mode from the start.
      'without() { cp -p "$1" "$1.new" && { grep -vF \'' + marked + '\' "$1" >"$1.new"; true; }; }',
      `keepable() { [ -f "$(hostname_if)" ] || refuse "$(hostname_if) is not there to set the route at boot: create it"; }`,
      "keep() {",
      "  file=$(hostname_if)",
      `  grep -qxF '${line}' "$file" && return 0`,
      `  without "$file" && echo '${line}' >>"$file.new" && mv -f "$file.new" "$file"`,
      "}",
      "forget() {",
      "  file=$(hostname_if)",
      `  if grep -qF '${marked}' "$file" 2>/dev/null; then without "$file" && mv -f "$file.new" "$file"; fi`,
      "}",
      `kept() { grep -qxF '${line}' "$(hostname_if)" 2>/dev/null; }`,
    ),
  };
}
