#!/usr/bin/env bash
# shellcheck disable=SC2034 # the other parts use the directories
# What the parts of the toolchain share: one line per step, where a part came from, nothing half-built.

TOOLCHAIN=$ROOT/.toolchain
BIN=$TOOLCHAIN/bin
ORIGINS=$TOOLCHAIN/origin
LOGS=$TOOLCHAIN/log

make_directories() {
  mkdir -p "$TOOLCHAIN" "$ORIGINS" "$LOGS" "$PLUGINS"
  # Two runs at once would write the same files; the second one finds everything done.
  exec 8>"$TOOLCHAIN/lock"
  flock -n 8 || { printf 'toolchain: waiting for another run\n'; flock 8; }
  export PULUMI_HOME
  PATH=$TOOLCHAIN/node/bin:$PATH
}

die() {
  printf 'toolchain: %s\n' "$*" >&2
  exit 1
}

# at_least OLDEST VERSION
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# step TITLE COMMAND…: COMMAND calls `working` when it has something to do; a step that has not is silent.
step() {
  local title=$1 started=$SECONDS
  shift
  STEP=$title HOW=''
  "$@"
  [ -z "$HOW" ] || show "done" "$(printf '%4d s' $((SECONDS - started)))"
}

# working HOW: a line at once, e.g. "built from Go modules"; another HOW says that the one before failed.
working() {
  gave_up
  HOW=$1
  show "$HOW" …
}

gave_up() {
  [ -z "$HOW" ] || show "$HOW" no
  HOW=''
}

# One whole line, as several steps may be at work.
show() { printf 'toolchain: %-16s %-58s %s\n' "$STEP" "$1" "$2"; }

# at_once FUNCTION…: each in a shell of its own. Fails after all have ended, if one failed: the others' work is
# kept for the next run.
at_once() {
  local function lane failed=''
  # A process group each, so that none outlives this one.
  set -m
  for function; do
    lane "$function" </dev/null &
    LANES+=($!)
  done
  set +m
  trap end_lanes EXIT
  for lane in "${LANES[@]}"; do
    wait "$lane" || failed=1
  done
  LANES=()
  [ -z "$failed" ] || exit 1
}

# A shell with a trap waits for its command: npm puts back what it had begun to replace before it ends.
lane() {
  trap 'exit 143' TERM
  "$1"
}

LANES=()
end_lanes() {
  local lane
  for lane in "${LANES[@]}"; do kill -- "-$lane" 2>/dev/null || true; done
  wait
}

# logged NAME COMMAND…: output into a log; its end is shown when the command fails. A function that is given here
# chains its commands by &&, because `set -e` does not hold inside it.
logged() {
  local log=$LOGS/$1.log
  shift
  "$@" >"$log" 2>&1 8>&- && return
  show "$HOW" failed
  tail -n 20 "$log" >&2
  die "$STEP failed; the whole log is ${log#"$ROOT"/}; run again to continue"
}

# An origin is the first line of a file, with the fingerprint of what it was made from on the second.
origin() { [ ! -f "$ORIGINS/$1" ] || head -n 1 "$ORIGINS/$1"; }

# is_current PART FINGERPRINT
is_current() { [ -f "$ORIGINS/$1" ] && [ "$(tail -n 1 "$ORIGINS/$1")" = "$2" ]; }

# came_from PART ORIGIN FINGERPRINT
came_from() {
  printf '%s\n%s\n' "$2" "$3" >"$ORIGINS/$1.new"
  mv "$ORIGINS/$1.new" "$ORIGINS/$1"
}

# fingerprint PATH…: of the contents of files, and of all files in directories.
fingerprint() { (cd "$ROOT" && find "$@" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16); }

print_status() {
  local part
  for part in node packages sdk engine language-host bridge libvirt command random; do
    printf '%-14s %s\n' "$part" "$(origin "$part" | grep . || echo 'not there yet: run scripts/toolchain')"
  done
}

print_environment() {
  local engine
  engine=$(engine_directory)
  # shellcheck disable=SC2016 # the reader's PATH
  printf 'export PATH=%q:$PATH\n' "${engine:+$engine:}$TOOLCHAIN/node/bin"
  printf 'export PULUMI_HOME=%q\n' "$PULUMI_HOME"
  # The compiled program would lie in /tmp under a name that anybody can guess and fill first.
  printf 'export TS_NODE_CACHE_DIRECTORY=%q\n' "$TOOLCHAIN/ts-node"
  printf 'export PULUMI_SKIP_UPDATE_CHECK=true\n'
  printf 'export PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true\n'
}
