import { family } from "../../config/net";
import { lines, MANAGED } from "../text";
import type { Driver } from "./driver";
import type { Forward } from "../../contract/perimeter";
import { allowed, qualified } from "./forward";
import { digest } from "./iptables";
import { HOME } from "./script";

export const ANCHOR = "openbsd-ipsec-gateway";
const DIRECTORY = `${HOME}/pf`;
const FILE = `${HOME}/pf.conf`;

/** What the owner writes into pf.conf(5): where is his to say, because the order decides there. */
export const ANCHOR_LINES = [
  `anchor "${ANCHOR}"`,
  `load anchor "${ANCHOR}" from "${FILE}"`,
] as const;

/**
 * pf(4) on an OpenBSD firewall: rules in an anchor of our own, with a table per forward. The anchor is
 * one file, put together from one part per forward, loaded in one step now and by pf.conf at boot.
 */
export const pf: Driver = {
  render: (forward) => lines(MANAGED, ...rules(forward)),

  apply: (forward) => {
    const file = fileOf(forward);
    return lines(
      'found=$(others); [ -z "$found" ] || refuse "already forwarded by another rule ($found): remove that rule, or leave the forward to it with driver: manual"',
      `mkdir -p ${DIRECTORY}`,
      `write rule ${file}`,
      // Alone first, so that a refused rule never gets into the file that the boot loads.
      `pfctl -n -a ${ANCHOR} -f ${file}.new`,
      `rm -f ${file}.prev`,
      `[ ! -e ${file} ] || ln ${file} ${file}.prev`,
      `replace ${file}`,
      `(load_anchor) || { put_back ${file}; (load_anchor) || true; rm -f ${FILE}.new; exit 1; }`,
      `rm -f ${file}.prev`,
      `write loaded ${file}.loaded`,
      `replace ${file}.loaded`,
      ...forgetStrays(forward),
    );
  },

  remove: (forward) =>
    lines(
      `rm -f ${fileOf(forward)} ${fileOf(forward)}.loaded ${fileOf(forward)}.prev`,
      "load_anchor",
    ),

  readBack: (forward) => {
    const file = fileOf(forward);
    return lines(
      'found=$(others); [ -z "$found" ] || say foreign "$found"',
      "live=$(loaded)",
      `if [ -z "$live" ] && [ -n "$(rule | grep '^pass')" ]; then say missing 'no such rule is loaded'`,
      `elif [ "$live" != "$(cat ${file}.loaded 2>/dev/null)" ]; then`,
      '  say changed "$live"',
      `elif [ "$(rule)" != "$(cat ${file} 2>/dev/null)" ]; then`,
      `  say unkept '${file} is not what was declared'`,
      'elif [ -z "$found" ]; then say present ""; fi',
    );
  },

  common: (forward) =>
    lines(
      // Nothing where nobody may come in.
      `loaded() { pfctl -a ${ANCHOR} -s rules 2>/dev/null | grep -F 'label "${labelOf(forward)}"' || true; }`,
      others(forward).trimEnd(),
    ),

  foundation: ({ interface: name, address }) => ({
    apply: lines(
      'command -v pfctl >/dev/null || refuse "pfctl is not here: write perimeter.driver: nftables or iptables"',
      `ifconfig ${name} >/dev/null 2>&1 ||`,
      `  refuse "${name} is no interface of this machine, which has $(interfaces): correct perimeter.outside.interface"`,
      `ifconfig | awk '$1 ~ /^inet/ && $2 == "${address}" { found = 1 } END { exit !found }' ||`,
      `  refuse "${address} is on no interface of this machine; ${name} has $(addresses ${name}): correct perimeter.outside.address"`,
      // pf.conf names the file: it has to be there before the lines are.
      `mkdir -p ${DIRECTORY}`,
      "load_anchor",
      `missing=$(missing_lines); [ -z "$missing" ] ||`,
      `  refuse "/etc/pf.conf does not have the anchor: add $missing after your block rules, then run pfctl -f /etc/pf.conf"`,
      "in_force || refuse 'the anchor is in /etc/pf.conf, but not in force: run pfctl -f /etc/pf.conf'",
    ),
    remove: lines(
      `rmdir ${DIRECTORY} 2>/dev/null || [ ! -d ${DIRECTORY} ] || return 0`,
      `for what in rules Tables; do pfctl -q -a ${ANCHOR} -F $what >/dev/null 2>&1 || true; done`,
      // pf.conf that names a missing file would not load.
      `if grep -q '^load anchor "${ANCHOR}"' /etc/pf.conf; then : >${FILE}; else rm -f ${FILE}; rmdir ${HOME} 2>/dev/null || true; fi`,
    ),
    state: lines(
      "missing=$(missing_lines)",
      'if [ -n "$missing" ]; then say unkept "/etc/pf.conf lacks $missing"',
      "elif ! in_force; then say missing 'the anchor is not in force: pfctl -f /etc/pf.conf'",
      "else say present ''; fi",
    ),
    common: lines(
      LOAD.trim(),
      "interfaces() { ifconfig | sed -n 's/^\\([a-z]*[0-9]*\\): flags.*/\\1/p' | tr '\\n' ' ' | sed 's/ $//'; }",
      'addresses() { ifconfig "$1" | awk \'$1 ~ /^inet/ { printf "%s%s", sep, $2; sep = " " }\'; }',
      `in_force() { pfctl -s rules 2>/dev/null | grep -q '^anchor "${ANCHOR}"'; }`,
      "missing_lines() {",
      ...ANCHOR_LINES.map(
        (line) => `  grep -qxF '${line}' /etc/pf.conf || printf '%s  ' '${line}'`,
      ),
      "}",
    ),
  }),
};

/**
 * The parts in the order of their names, as one ruleset. It takes the name that the boot loads only when
 * pfctl has read all of it, and loses that name again when it cannot be loaded.
 */
const LOAD = `
put_back() { if [ -e "$1.prev" ]; then mv -f "$1.prev" "$1"; else rm -f "$1"; fi; }
whole() {
  printf '%s\\n' '${MANAGED.trim()}'
  for part in ${DIRECTORY}/*.conf; do [ ! -e "$part" ] || sed 1d "$part" || return 1; done
}
load_anchor() {
  write whole ${FILE}
  pfctl -q -n -a ${ANCHOR} -f ${FILE}.new || return 1
  rm -f ${FILE}.prev
  [ ! -e ${FILE} ] || ln ${FILE} ${FILE}.prev || return 1
  replace ${FILE}
  pfctl -q -a ${ANCHOR} -f ${FILE} || { put_back ${FILE}; return 1; }
  rm -f ${FILE}.prev
}
`;

function fileOf(forward: Forward): string {
  return `${DIRECTORY}/${qualified(forward)}.conf`;
}

/** Labels have at most 63 characters (pf.conf(5)); a machine's name has at most 40. */
function labelOf({ machine, name }: Forward): string {
  return `${machine} ${name}`;
}

/**
 * In from the peers, and on to the gateway: the tag lets out what came in by the first rule, whatever
 * the firewall's own rules say about that interface.
 */
function rules(forward: Forward): string[] {
  const { outside, target, port } = forward;
  const sources = allowed(forward);
  if (sources !== "any" && sources.length === 0) return [];
  // A table's name has at most 31 characters.
  const table = `gw_${digest(forward.machine)}_${forward.name}`;
  const tag = `${ANCHOR} ${digest(forward.machine)} ${forward.name}`.replaceAll(" ", "_");
  const inet = family(outside.address) === 6 ? "inet6" : "inet";
  const kind = `${inet} proto ${forward.protocol}`;
  const to = port === undefined ? "" : ` port ${port}`;
  const label = `label "${labelOf(forward)}"`;
  return [
    ...(sources === "any" ? [] : [`table <${table}> const { ${sources.join(", ")} }`]),
    `pass in quick on ${outside.interface} ${kind} from ${sources === "any" ? "any" : `<${table}>`} ` +
      `to ${outside.address}${to} ${label} tag ${tag} rdr-to ${target}`,
    `pass out quick ${kind} from any to ${target}${to} ${label} tagged ${tag}`,
  ];
}

/** States that the peers' knocks made before there was a forward go on without it. */
function forgetStrays(forward: Forward): string[] {
  const sources = allowed(forward);
  if (sources === "any") return [];
  return sources.map(
    (source) => `pfctl -q -k ${source} -k ${forward.outside.address} >/dev/null 2>&1 || true`,
  );
}

/** What else in the main ruleset sends the same packets on; anchors of others are theirs to order. */
function others(forward: Forward): string {
  const values: Record<string, string> = {
    iface: forward.outside.interface,
    address: forward.outside.address,
    proto: forward.protocol,
    port: String(forward.port ?? ""),
  };
  const settings = Object.entries(values).map(([name, value]) => `-v ${name}='${value}'`);
  return lines(
    `others() { pfctl -s rules 2>/dev/null | awk ${settings.join(" ")} '`,
    OTHERS_AWK.trim(),
    "'; }",
  );
}

const OTHERS_AWK = `
function after(key,  i) {
  for (i = 1; i < NF; i++) if ($i == key) return $(i + 1)
  return ""
}
!/ rdr-to / { next }
{
  name = after("on"); kind = after("proto"); to = after("to")
  if (name != "" && name ~ /[0-9]$/ && name != iface) next
  if (kind != "" && kind != proto) next
  if (to ~ /^[0-9a-f:.]+$/ && to != address) next
  if (match($0, / to [^ ]+ port = [0-9]+/)) {
    ports = substr($0, RSTART, RLENGTH); sub(/.* /, "", ports)
    if (ports != port) next
  }
  print
}
`;
