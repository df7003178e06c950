import { lines } from "../text";

/** Where everything of ours is kept on a firewall or LAN host. */
export const HOME = "/etc/openbsd-ipsec-gateway";

/**
 * What a script for a host can do, as bodies of shell functions. `apply` converges and refuses with
 * one line; `remove` undoes it and may be repeated; `state` changes nothing and prints a
 * {@link STATES} word and a detail per line, `present` alone when all is as declared.
 */
export interface Verbs {
  readonly apply: string;
  readonly remove: string;
  readonly state: string;
  /** Functions the three have in common. */
  readonly common?: string;
}

/**
 * The words of `state`: as declared, not there, altered, gone after a reboot, of somebody else; and what
 * only its owner can better.
 */
export const STATES = ["present", "missing", "changed", "unkept", "foreign", "advice"] as const;

/** One file per step, with the mark that its last run left: see marks.ts. */
export const MARKS = `${HOME}/marks`;

export interface StepName {
  /** Starts every error, e.g. `perimeter`. */
  readonly subject: string;
  /** The step on its machine, e.g. `gw-test.udp-500`. */
  readonly id: string;
}

/**
 * A script for POSIX sh, run as `sh -s apply|remove|state` with the text on standard input: so the
 * command line, which an error shows, is short, and the script that undoes a step is the very one that
 * made it. A line `mark=WORD` before it is what `apply` leaves and `state` finds.
 */
export function hostScript(
  { subject, id }: StepName,
  { apply, remove, state, common = "" }: Verbs,
): string {
  return lines(
    "set -u",
    "umask 022",
    'LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"',
    "export LC_ALL PATH",
    `refuse() { printf '%s: %s\\n' ${shellWord(subject)} "$1" >&2; exit 1; }`,
    `say() { printf '%s\\t%s\\n' "$1" "$2"; }`,
    `[ "$(id -u)" = 0 ] || refuse "$(id -un) may not change this machine: log in as root"`,
    common.trimEnd(),
    "apply() {",
    apply.trimEnd(),
    "}",
    "remove() {",
    remove.trimEnd(),
    "}",
    "state() {",
    state.trimEnd(),
    "}",
    "run() {",
    "  case $1 in",
    `  apply) apply && { [ -z "\${mark:-}" ] || { mkdir -p ${MARKS} && echo "$mark" >${MARKS}/${id}; }; } ;;`,
    `  remove) remove; status=$?; rm -f ${MARKS}/${id}; rmdir ${MARKS} ${HOME} 2>/dev/null; return $status ;;`,
    `  state) state; [ ! -f ${MARKS}/${id} ] || say mark "$(cat ${MARKS}/${id})" ;;`,
    "  esac",
    "}",
    // Standard input is this text: nothing that is called may read on.
    'run "$1" </dev/null',
  );
}

/** The text as one word of sh, whatever is in it. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A shell function that prints the text. */
export function printing(name: string, text: string): string {
  return lines(`${name}() {`, "cat <<'END_OF_TEXT'", text.trimEnd(), "END_OF_TEXT", "}");
}
