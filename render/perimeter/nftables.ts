import { family } from "../../config/net";
import { lines, MANAGED } from "../text";
import type { Driver } from "./driver";
import type { Forward } from "../../contract/perimeter";
import { allowed, qualified } from "./forward";
import { forgetStrays, LINUX_QUERIES, linuxChecks } from "./linux";
import { HOME } from "./script";

const TABLE = "inet openbsd-ipsec-gateway";
const DIRECTORY = `${HOME}/nftables`;
const INCLUDE = `include "${DIRECTORY}/*.nft" # openbsd-ipsec-gateway`;
/** The boot's file as its owner had it, while our line is in there. */
const BEFORE = `${HOME}/nftables.before`;

/** The files the distributions load at boot: Debian and Arch, Fedora, Alpine. */
const BOOT_FILES = ["/etc/nftables.conf", "/etc/sysconfig/nftables.conf", "/etc/nftables.nft"];

/**
 * nft(8): a table of our own, in which each forward is one base chain, so that it comes, changes and
 * goes alone (docs/decisions/002). Kept over a reboot by one file per forward, and one include line in
 * the file that the distribution loads.
 */
export const nftables: Driver = {
  render: (forward) => {
    const chain = `${TABLE} ${qualified(forward)}`;
    return lines(
      MANAGED,
      `add table ${TABLE}`,
      `add chain ${chain} { type nat hook prerouting priority dstnat; policy accept; }`,
      `flush chain ${chain}`,
      ...rule(forward).map((text) => `add rule ${chain} ${text}`),
    );
  },

  apply: (forward) => {
    const file = fileOf(forward);
    return lines(
      'found=$(others); [ -z "$found" ] || refuse "$(by_hand "$found")"',
      `mkdir -p ${DIRECTORY}`,
      `write rule ${file}.nft`,
      `nft -f ${file}.nft.new`,
      `replace ${file}.nft`,
      `write loaded ${file}.loaded`,
      `replace ${file}.loaded`,
      "forget_strays",
    );
  },

  remove: (forward) => {
    const file = fileOf(forward);
    return lines(
      `rm -f ${file}.nft ${file}.loaded`,
      "if loaded >/dev/null; then",
      `  nft "flush chain ${TABLE} ${qualified(forward)}; delete chain ${TABLE} ${qualified(forward)}"`,
      "fi",
      `case $(nft list table ${TABLE} 2>/dev/null) in`,
      "  '' | *'chain '*) ;;",
      `  *) nft delete table ${TABLE} ;;`,
      "esac",
    );
  },

  readBack: (forward) => {
    const file = fileOf(forward);
    return lines(
      'found=$(others); [ -z "$found" ] || say foreign "$found"',
      "if ! live=$(loaded); then say missing 'no such rule is loaded'",
      `elif [ "$live" != "$(cat ${file}.loaded 2>/dev/null)" ]; then`,
      `  say changed "$(printf '%s\\n' "$live" | grep dnat || echo 'the chain is empty')"`,
      `elif [ "$(rule)" != "$(cat ${file}.nft 2>/dev/null)" ]; then`,
      `  say unkept '${file}.nft is not what was declared'`,
      'elif [ -z "$found" ]; then say present ""; fi',
    );
  },

  common: (forward) =>
    lines(
      `loaded() { nft list chain ${TABLE} ${qualified(forward)} 2>/dev/null; }`,
      "by_hand() { printf 'already forwarded by another rule (%s): remove that rule, or leave the forward to it with driver: manual' \"$1\"; }",
      others(forward).trimEnd(),
      forgetStrays(forward).trimEnd(),
    ),

  foundation: (outside) => ({
    apply: lines(
      linuxChecks(
        "nft",
        "install nftables, or write perimeter.driver: iptables",
        outside,
      ).trimEnd(),
      'error=$(nft list tables 2>&1 >/dev/null) || refuse "nft cannot read the ruleset: $error"',
      "! included || return 0",
      '[ -n "$conf" ] ||',
      `  refuse "no ruleset is loaded at boot here (${BOOT_FILES.join(", ")}): create one, with what is loaded now"`,
      `mkdir -p ${DIRECTORY}`,
      `new=${BEFORE}.new`,
      `cp -p "$conf" ${BEFORE}.new || cut_off ${BEFORE}`,
      `cmp -s "$conf" ${BEFORE}.new || cut_off ${BEFORE}`,
      `replace ${BEFORE}`,
      'copied "$conf"',
      // A file whose last line has no end would swallow ours.
      `{ cat ${BEFORE}; [ -z "$(tail -c 1 ${BEFORE})" ] || echo; echo '${INCLUDE}'; } >"$conf.new" || cut_off "$conf"`,
      'has_lines $(($(lines_in "$conf") + 1)) "$conf"',
      'nft -c -f "$conf.new" || refuse "$conf does not load: correct it first"',
      'replace "$conf"',
    ),
    remove: lines(
      `rmdir ${DIRECTORY} 2>/dev/null || [ ! -d ${DIRECTORY} ] || return 0`,
      "if included; then",
      '  copied "$conf"',
      // 1: nothing is left.
      `  grep -vxF '${INCLUDE}' "$conf" >"$conf.new" || [ $? = 1 ] || cut_off "$conf"`,
      `  has_lines $(($(lines_in "$conf") - $(grep -cxF '${INCLUDE}' "$conf"))) "$conf"`,
      // The very file of before, also where its last line had no end.
      `  if [ "$(cat ${BEFORE} 2>/dev/null)" = "$(cat "$conf.new")" ]; then`,
      `    cat ${BEFORE} >"$conf.new" || cut_off "$conf"`,
      `    cmp -s ${BEFORE} "$conf.new" || cut_off "$conf"`,
      "  fi",
      // What its owner broke is for the owner to mend, and no reason to leave our line in it.
      '  nft -c -f "$conf.new" || ! nft -c -f "$conf" 2>/dev/null ||',
      '    refuse "$conf does not load without our line: correct it first"',
      '  replace "$conf"',
      "fi",
      `rm -f ${BEFORE}; rmdir ${HOME} 2>/dev/null || true`,
    ),
    state: lines(
      'if ! included; then say unkept "${conf:-/etc/nftables.conf} does not include our rules"',
      "elif [ -d /run/systemd/system ] && ! systemctl -q is-enabled nftables; then",
      "  say advice 'nothing loads the ruleset at boot: systemctl enable nftables'",
      "else say present ''; fi",
    ),
    common: lines(
      LINUX_QUERIES.trimEnd(),
      "conf=",
      `for file in ${BOOT_FILES.join(" ")}; do`,
      '  [ -n "$conf" ] || [ ! -f "$file" ] || conf=$(readlink -f "$file")',
      "done",
      `included() { [ -n "$conf" ] && grep -qxF '${INCLUDE}' "$conf"; }`,
    ),
  }),
};

function fileOf(forward: Forward): string {
  return `${DIRECTORY}/${qualified(forward)}`;
}

/** No peer, no rule: a set must not be empty, and an open forward is never meant. */
function rule(forward: Forward): string[] {
  const { outside, target, machine, name } = forward;
  const ip = family(outside.address) === 6 ? "ip6" : "ip";
  const sources = allowed(forward);
  if (sources !== "any" && sources.length === 0) return [];
  return [
    [
      `iifname "${outside.interface}"`,
      ...(sources === "any" ? [] : [`${ip} saddr { ${sources.join(", ")} }`]),
      `${ip} daddr ${outside.address}`,
      forward.port === undefined ? "meta l4proto esp" : `udp dport ${forward.port}`,
      `dnat ${ip} to ${target}`,
      `comment "${machine} ${name}"`,
    ].join(" "),
  ];
}

/** What else in the ruleset forwards the same packets, one rule per line with its chain. */
function others(forward: Forward): string {
  const sources = allowed(forward);
  const values: Record<string, string> = {
    own: `${TABLE} ${qualified(forward)}`,
    iface: forward.outside.interface,
    address: forward.outside.address,
    proto: forward.protocol,
    port: String(forward.port ?? ""),
    sources: sources === "any" ? "any" : sources.join(" "),
  };
  const settings = Object.entries(values).map(([name, value]) => `-v ${name}='${value}'`);
  return lines(
    `others() { nft list ruleset 2>/dev/null | awk ${settings.join(" ")} '`,
    OTHERS_AWK.trim(),
    "'; }",
  );
}

/**
 * A rule is another's if nothing in it keeps it from the forward's packets; what cannot be judged (named
 * sets, networks, maps, concatenations, comparisons) counts as the same. A comment keeps nothing from it.
 */
const OTHERS_AWK = `
function words(key,  text) {
  if (!match($0, "(^|[ \\t])(" key ") ")) return ""
  text = substr($0, RSTART + RLENGTH)
  if (text ~ /^!=/) return ""
  if (text ~ /^{/) { sub(/^{ */, "", text); sub(/ *}.*/, "", text) } else sub(/ .*/, "", text)
  gsub(/[",]/, " ", text)
  return " " text " "
}
function unclear(list) { return list == "" || list ~ /[\\/@*&|^<>=!]| (\\.|map|vmap) / }
function vague(list) { return unclear(list) || list ~ /-/ }
function meets(list, wanted,  n, i, each) {
  if (vague(list) || wanted == "any") return 1
  n = split(wanted, each, " ")
  for (i = 1; i <= n; i++) if (each[i] ~ /\\// || index(list, " " each[i] " ")) return 1
  return 0
}
function in_ports(list,  n, i, each, ends) {
  n = split(list, each, " ")
  for (i = 1; i <= n; i++) {
    if (each[i] == port) return 1
    if (split(each[i], ends, "-") == 2 && ends[1] + 0 <= port + 0 && port + 0 <= ends[2] + 0) return 1
  }
  return unclear(list)
}
$1 == "table" { table = $2 " " $3 }
$1 == "chain" { chain = table " " $2 }
{ gsub(/comment "[^"]*"/, "") }
chain == own || !/[ \\t]((dnat|tproxy|fwd)( ip6?)?( addr \\. port| prefix| interval)? to|redirect|xt target "?(DNAT|REDIRECT|TPROXY)"?)( |$)/ { next }
{
  kind = words("meta l4proto|ip protocol|ip6 nexthdr")
  ports = words("(udp|tcp|th) dport")
  if (!unclear(kind) && !index(kind, " " proto " ")) next
  if (ports != "" && (proto != "udp" || !/(udp|th) dport/ || !in_ports(ports))) next
  name = words("iifname|iif")
  if (!unclear(name) && !index(name, " " iface " ")) next
  if (!meets(words("ip6? daddr"), address) || !meets(words("ip6? saddr"), sources)) next
  sub(/^[ \\t]+/, "")
  print chain ": " $0
}
`;
