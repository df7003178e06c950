import { lines } from "../text";
import type { Route } from "../../contract/perimeter";
import { routeName } from "./routes";
import type { RouteSystem } from "./routeSystem";

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
      // hostname.if(5) may hold keys: the copy has its mode from the start. 1: no line is left.
      "without() {",
      '  copied "$1"',
      `  grep -vF '${marked}' "$1" >"$1.new" || [ $? = 1 ] || cut_off "$1"`,
      `  rest=$(($(lines_in "$1") - $(grep -cF '${marked}' "$1" || true)))`,
      '  has_lines "$rest" "$1"',
      "}",
      `keepable() { [ -f "$(hostname_if)" ] || refuse "$(hostname_if) is not there to set the route at boot: create it"; }`,
      "keep() {",
      "  file=$(hostname_if)",
      `  ! grep -qxF '${line}' "$file" || return 0`,
      '  without "$file"',
      // A file whose last line has no end would swallow ours.
      '  [ -z "$(tail -c 1 "$file.new")" ] || echo >>"$file.new" || cut_off "$file"',
      `  echo '${line}' >>"$file.new" || cut_off "$file"`,
      '  has_lines $((rest + 1)) "$file"',
      '  replace "$file"',
      "}",
      "forget() {",
      "  file=$(hostname_if)",
      `  grep -qF '${marked}' "$file" 2>/dev/null || return 0`,
      '  without "$file"',
      '  replace "$file"',
      "}",
      `kept() { grep -qxF '${line}' "$(hostname_if)" 2>/dev/null; }`,
    ),
  };
}
