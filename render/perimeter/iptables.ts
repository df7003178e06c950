import { family } from "../../config/net";
import { lines, MANAGED } from "../text";
import type { Driver } from "./driver";
import type { Forward } from "../../contract/perimeter";
import { allowed, qualified } from "./forward";
import { forgetStrays, LINUX_QUERIES, linuxChecks } from "./linux";
import { HOME } from "./script";

const DIRECTORY = `${HOME}/iptables`;
const RESTORE = `${HOME}/iptables-restore`;
const UNIT = "openbsd-ipsec-gateway-iptables.service";
const HOOK = "/etc/network/if-up.d/openbsd-ipsec-gateway-iptables";

/**
 * iptables(8), for firewalls without nft: one chain per forward in the table `nat`, and a rule in
 * PREROUTING that leads to it and carries our name. Kept over a reboot by one iptables-restore(8) file
 * per forward, which a systemd unit or an ifupdown hook of our own loads.
 */
export const iptables: Driver = {
  render: (forward) =>
    lines(
      MANAGED,
      "*nat",
      // With --noflush this makes the chain, or empties it (iptables-restore(8)).
      `:${chainOf(forward)} - [0:0]`,
      ...rules(forward).map((rule) => `-A ${chainOf(forward)} ${rule}`),
      `-A PREROUTING ${jump(forward)}`,
      "COMMIT",
    ),

  apply: (forward) => {
    const file = fileOf(forward);
    return lines(
      'found=$(others); [ -z "$found" ] || refuse "already forwarded by another rule ($found): remove that rule, or leave the forward to it with driver: manual"',
      `mkdir -p ${DIRECTORY}`,
      `write rule ${file}`,
      `${RESTORE} ${file}.new`,
      `replace ${file}`,
      `write loaded ${file}.loaded`,
      `replace ${file}.loaded`,
      "forget_strays",
    );
  },

  remove: (forward) => {
    const file = fileOf(forward);
    const chain = chainOf(forward);
    return lines(
      `rm -f ${file} ${file}.loaded`,
      `while ${toolOf(forward)} -w -t nat -D PREROUTING ${jump(forward)} 2>/dev/null; do :; done`,
      `! ${toolOf(forward)} -w -t nat -F ${chain} 2>/dev/null || ${toolOf(forward)} -w -t nat -X ${chain}`,
    );
  },

  readBack: (forward) => {
    const file = fileOf(forward);
    return lines(
      'found=$(others); [ -z "$found" ] || say foreign "$found"',
      "live=$(loaded)",
      `if ! printf '%s\\n' "$live" | grep -q '^-A PREROUTING'; then say missing 'no such rule is loaded'`,
      `elif [ "$live" != "$(cat ${file}.loaded 2>/dev/null)" ]; then`,
      `  say changed "$(printf '%s\\n' "$live" | grep DNAT || echo 'the chain is empty')"`,
      `elif [ "$(rule)" != "$(cat ${file} 2>/dev/null)" ]; then`,
      `  say unkept '${file} is not what was declared'`,
      'elif [ -z "$found" ]; then say present ""; fi',
    );
  },

  common: (forward) =>
    lines(
      `loaded() { ${toolOf(forward)} -w -t nat -S | grep -F -- '${chainOf(forward)}' | grep -v '^-N'; }`,
      others(forward).trimEnd(),
      forgetStrays(forward).trimEnd(),
    ),

  foundation: (outside) => {
    const tool = family(outside.address) === 6 ? "ip6tables" : "iptables";
    return {
      apply: lines(
        linuxChecks(
          tool,
          "install iptables, or write perimeter.driver: nftables",
          outside,
        ).trimEnd(),
        `error=$(${tool} -w -t nat -S 2>&1 >/dev/null) || refuse "${tool} cannot read the rules: $error"`,
        'kind=$(boot_kind); [ -n "$kind" ] ||',
        '  refuse "nothing would load the rules at boot: neither systemd nor ifupdown is here"',
        `mkdir -p ${DIRECTORY}`,
        `write restore_text ${RESTORE}`,
        `chmod 755 ${RESTORE}.new`,
        `replace ${RESTORE}`,
        "case $kind in",
        "systemd)",
        `  write unit_text /etc/systemd/system/${UNIT}`,
        `  replace /etc/systemd/system/${UNIT}`,
        "  systemctl daemon-reload",
        `  systemctl -q enable ${UNIT} ;;`,
        "ifupdown)",
        // run-parts(8) takes no name with a dot.
        `  write hook_text ${HOOK}`,
        `  chmod 755 ${HOOK}.new`,
        `  replace ${HOOK} ;;`,
        "esac",
      ),
      remove: lines(
        `rmdir ${DIRECTORY} 2>/dev/null || [ ! -d ${DIRECTORY} ] || return 0`,
        `if [ -e /etc/systemd/system/${UNIT} ]; then`,
        `  systemctl -q disable ${UNIT}; rm -f /etc/systemd/system/${UNIT}; systemctl daemon-reload`,
        "fi",
        `rm -f ${HOOK} ${RESTORE}; rmdir ${HOME} 2>/dev/null || true`,
      ),
      state: lines(
        `if [ ! -x ${RESTORE} ]; then say unkept '${RESTORE} is gone'`,
        `elif [ -x ${HOOK} ] || { [ -d /run/systemd/system ] && systemctl -q is-enabled ${UNIT}; }; then say present ''`,
        "else say unkept 'nothing loads the rules at boot'; fi",
      ),
      common: lines(
        LINUX_QUERIES.trimEnd(),
        "boot_kind() {",
        "  if [ -d /run/systemd/system ]; then echo systemd",
        "  elif [ -d /etc/network/if-up.d ]; then echo ifupdown; fi",
        "}",
        printingText("restore_text", RESTORE_TEXT),
        printingText("unit_text", UNIT_TEXT),
        printingText("hook_text", HOOK_TEXT),
      ),
    };
  },
};

function printingText(name: string, text: string): string {
  return `${name}() {\ncat <<'END_OF_TEXT'\n${text.trim()}\nEND_OF_TEXT\n}`;
}

/** Loads the files given, or all: each in one step, its jump only if that is not there yet. */
const RESTORE_TEXT = `
#!/bin/sh
${MANAGED.trim()}
PATH=$PATH:/usr/sbin:/sbin
[ $# -gt 0 ] || set -- ${DIRECTORY}/*.rules ${DIRECTORY}/*.rules6
for file; do
  [ -e "$file" ] || continue
  tool=iptables
  case $file in *.rules6*) tool=ip6tables ;; esac
  jump=$(sed -n 's/^-A PREROUTING //p' "$file")
  if $tool -w -t nat -S PREROUTING | grep -qF -- "\${jump##* }"; then
    sed '/^-A PREROUTING /d' "$file"
  else
    cat "$file"
  fi | $tool-restore --noflush || exit 1
done
`;

const UNIT_TEXT = `
${MANAGED.trim()}
[Unit]
Description=Port forwards of openbsd-ipsec-gateway
After=netfilter-persistent.service iptables.service
Before=network-online.target

[Service]
Type=oneshot
ExecStart=${RESTORE}
RemainAfterExit=yes

[Install]
WantedBy=multi-user.target
`;

const HOOK_TEXT = `
#!/bin/sh
${MANAGED.trim()}
exec ${RESTORE}
`;

function toolOf({ outside }: Forward): string {
  return family(outside.address) === 6 ? "ip6tables" : "iptables";
}

function fileOf(forward: Forward): string {
  const suffix = family(forward.outside.address) === 6 ? "rules6" : "rules";
  return `${DIRECTORY}/${qualified(forward)}.${suffix}`;
}

/** At most 28 characters: the machine's name does not fit, so a number stands for it. */
function chainOf(forward: Forward): string {
  return `ipsec-gw-${digest(forward.machine)}-${forward.name}`;
}

/** FNV-1a: short, stable and the same everywhere; nothing here needs to be hard to invert. */
export function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (const char of Buffer.from(text)) hash = Math.imul(hash ^ char, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

function jump(forward: Forward): string {
  const comment = `openbsd-ipsec-gateway ${forward.machine} ${forward.name}`;
  return `-m comment --comment "${comment}" -j ${chainOf(forward)}`;
}

function rules(forward: Forward): string[] {
  const { outside, target, port, machine, name } = forward;
  const sources = allowed(forward);
  const match = [
    `-d ${outside.address}/${family(outside.address) === 6 ? 128 : 32} -i ${outside.interface}`,
    port === undefined ? "-p esp" : `-p udp -m udp --dport ${port}`,
    `-m comment --comment "${machine} ${name}" -j DNAT --to-destination ${target}`,
  ].join(" ");
  return sources === "any" ? [match] : sources.map((source) => `-s ${source} ${match}`);
}

/** What else in the table `nat` forwards the same packets. */
function others(forward: Forward): string {
  const sources = allowed(forward);
  const values: Record<string, string> = {
    own: chainOf(forward),
    iface: forward.outside.interface,
    address: forward.outside.address,
    proto: forward.protocol,
    port: String(forward.port ?? ""),
    sources: sources === "any" ? "any" : sources.join(" "),
  };
  const settings = Object.entries(values).map(([name, value]) => `-v ${name}='${value}'`);
  return lines(
    `others() { ${toolOf(forward)} -w -t nat -S 2>/dev/null | awk ${settings.join(" ")} '`,
    OTHERS_AWK.trim(),
    "'; }",
  );
}

/** As for nftables: what cannot be judged counts as the same. */
const OTHERS_AWK = `
function option(name,  i) {
  for (i = 2; i < NF; i++) if ($i == name && $(i - 1) != "!") return $(i + 1)
  return ""
}
function host(text) { sub(/\\/(32|128)$/, "", text); return text }
function meets(text, wanted,  n, i, each) {
  if (text == "" || text ~ /\\// || wanted == "any") return 1
  n = split(wanted, each, " ")
  for (i = 1; i <= n; i++) if (each[i] ~ /\\// || each[i] == text) return 1
  return 0
}
function in_ports(list,  n, i, each, ends) {
  n = split(list, each, ",")
  for (i = 1; i <= n; i++) {
    if (each[i] == port) return 1
    if (split(each[i], ends, ":") == 2 && ends[1] + 0 <= port + 0 && port + 0 <= ends[2] + 0) return 1
  }
  return list == ""
}
$1 != "-A" || $2 == own || !/ -j (DNAT|REDIRECT)( |$)/ { next }
{
  kind = option("-p"); name = option("-i")
  if (kind != "" && kind != "all" && kind != proto) next
  if (name != "" && name !~ /\\+$/ && name != iface) next
  if (!in_ports(option("--dport") option("--dports"))) next
  if (!meets(host(option("-d")), address) || !meets(host(option("-s")), sources)) next
  print
}
`;
