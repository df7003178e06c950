import { lines, MANAGED } from "../text";
import type { Route } from "../../contract/perimeter";
import { routeName } from "./routes";
import type { RouteSystem } from "./routeSystem";
import { HOME } from "./script";

const HOOK = "/etc/network/if-up.d/openbsd-ipsec-gateway-routes";

/**
 * ip-route(8). Kept by what configures the interface: systemd-networkd, also below netplan, by a
 * drop-in for its .network file (systemd.network(5)); ifupdown by one hook of ours (interfaces(5)).
 */
export function linuxRoute(route: Route): RouteSystem {
  const dropIn = `openbsd-ipsec-gateway-${route.machine}-${routeName(route)}.conf`;
  return {
    queries: lines(
      'command -v ip >/dev/null || refuse "ip is not installed here: install iproute2"',
      // A next hop that is itself behind a router shows as `via`.
      `device() { ip -$family -o route get "$via" 2>/dev/null | sed -n '/ via /!s/.* dev \\([^ ]*\\).*/\\1/p'; }`,
      `existing() { ip -$family route show exact "$network" | sed 's/ *$//'; }`,
    ),
    add: 'ip -$family route add "$network" via "$via" dev "$dev"',
    del: 'ip -$family route del "$network" via "$1"',
    keeping: lines(
      // Of netplan's renderers the server's, networkd, has its files in /run, where a drop-in works too.
      "network_file() {",
      '  command -v networkctl >/dev/null && networkctl status "$dev" 2>/dev/null |',
      "    sed -n 's/^ *Network File: *\\(\\/.*\\)$/\\1/p'",
      "}",
      "drop_in() {",
      '  file=$(network_file); [ -n "$file" ] || return 1',
      `  printf '/etc/systemd/network/%s.d/${dropIn}' "\${file##*/}"`,
      "}",
      "hook_text() {",
      "cat <<'END_OF_TEXT'",
      HOOK_TEXT.trim(),
      "END_OF_TEXT",
      "}",
      "keepable() {",
      "  drop_in >/dev/null || [ -d /etc/network/if-up.d ] ||",
      "    refuse 'nothing here would set the route at boot: only systemd-networkd, netplan on it and ifupdown are known'",
      "}",
      `route_text() { printf '%s\\n' '${MANAGED.trim()}' '[Route]' "Destination=$network" "Gateway=$via"; }`,
      "keep() {",
      "  if path=$(drop_in); then",
      '    mkdir -p "${path%/*}"',
      // networkd takes *.conf, run-parts(8) no name with a dot.
      '    write route_text "$path"',
      '    replace "$path"',
      "  else",
      `    write hook_text ${HOOK}`,
      `    chmod 755 ${HOOK}.new`,
      `    replace ${HOOK}`,
      "  fi",
      "}",
      "forget() {",
      `  for path in /etc/systemd/network/*.d/${dropIn}; do`,
      '    [ -e "$path" ] || continue',
      '    rm -f "$path"; rmdir "${path%/*}" 2>/dev/null || true',
      "  done",
      '  rm -f "$owned"',
      `  ! rmdir ${HOME}/routes 2>/dev/null || rm -f ${HOOK}`,
      "}",
      `kept() { { path=$(drop_in) && [ -e "$path" ]; } || [ -x ${HOOK} ]; }`,
    ),
  };
}

const HOOK_TEXT = `
#!/bin/sh
${MANAGED.trim()}
PATH=$PATH:/usr/sbin:/sbin
for mark in ${HOME}/routes/*; do
  [ -f "$mark" ] || continue
  read -r network via dev <"$mark"
  [ "$dev" != "\${IFACE:-}" ] || ip route replace "$network" via "$via" dev "$dev"
done
`;
