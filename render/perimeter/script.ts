import { shellWord } from "../shellWord";
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
 *
 * `apply` and `remove` stop at the first command that fails, and a file gets its new text whole or stays
 * as it was: see REPLACING.
 */
export function hostScript(
  { subject, id }: StepName,
  { apply, remove, state, common = "" }: Verbs,
): string {
  return lines(
    "set -eu",
    "umask 022",
    'LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"',
    "export LC_ALL PATH",
    `subject=${shellWord(subject)} why= new=`,
    FAILING.trim(),
    `say() { printf '%s\\t%s\\n' "$1" "$2"; }`,
    `[ "$(id -u)" = 0 ] || refuse "$(id -un) may not change this machine: log in as root"`,
    REPLACING.trim(),
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
    // Not joined by && or ||, where a shell does not stop at a command that fails.
    `  apply) apply; [ -z "\${mark:-}" ] || { mkdir -p ${MARKS}; echo "$mark" >${MARKS}/${id}; } ;;`,
    `  remove) remove; rm -f ${MARKS}/${id}; rmdir ${MARKS} ${HOME} 2>/dev/null || true ;;`,
    `  state) set +e; state; [ ! -f ${MARKS}/${id} ] || say mark "$(cat ${MARKS}/${id})" ;;`,
    "  esac",
    "}",
    // Standard input is this text: nothing that is called may read on.
    'run "$1" </dev/null',
  );
}

/** `refuse WHY` ends the script with one line. Every other end before the last command says so too. */
const FAILING = `
finish() {
  status=$?
  [ -z "$new" ] || rm -f "$new"
  [ "$status" = 0 ] || [ -n "$why" ] || printf '%s: stopped at the command that failed: what it would have replaced is as before\\n' "$subject" >&2
  exit "$status"
}
trap finish EXIT
refuse() { why=$1; printf '%s: %s\\n' "$subject" "$why" >&2; exit 1; }
`;

/**
 * For a file that is replaced. A disk may be full at any of the steps, and not every program says that it
 * could not write: what was written is compared with what was meant before it takes the name. `$new` is
 * removed when the script ends before that.
 *
 *   write FUNCTION FILE    what the function prints, as FILE.new
 *   copied FILE            FILE.new, with FILE's owner and mode, to be written anew
 *   has_lines NUMBER FILE  refuses another number of lines
 *   replace FILE           FILE.new, on the disk, becomes FILE
 */
const REPLACING = `
cut_off() { refuse "$1 could not be written whole, and is as before: make room on its file system"; }
write() {
  new=$2.new
  "$1" >"$new" || cut_off "$2"
  [ "$("$1")" = "$(cat "$new")" ] || cut_off "$2"
}
copied() {
  new=$1.new
  cp -p "$1" "$new" || cut_off "$1"
}
lines_in() { grep -c '' "$1" || true; }
has_lines() { [ "$(lines_in "$2.new")" -eq "$1" ] || cut_off "$2"; }
replace() {
  dd if=/dev/null of="$1.new" conv=notrunc,fsync 2>/dev/null || cut_off "$1"
  mv -f "$1.new" "$1"
  new=
}
`;

/** A shell function that prints the text. */
export function printing(name: string, text: string): string {
  return lines(`${name}() {`, "cat <<'END_OF_TEXT'", text.trimEnd(), "END_OF_TEXT", "}");
}
