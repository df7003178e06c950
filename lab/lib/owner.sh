#!/usr/bin/env bash
# One lab of a name per machine: $RUN/owner names the clone that it belongs to.

owner() { cat "$RUN/owner" 2>/dev/null || true; }

# Any process of a lab, of whichever clone.
lab_alive() {
  local name
  for name in $(recorded_processes); do
    ! running "$name" || return 0
  done
  for name in "${NAMESPACES[@]}"; do
    namespace_empty "$name" || return 0
  done
  return 1
}

# Building and removing happen alone; commands that only use the lab may run side by side.
lock() {
  mkdir -p "$RUN"
  exec 9>"$RUN/lock"
  flock -n "${1:---exclusive}" 9 || die "another lab command is at work: wait for it to finish"
}

# claim: makes this clone the owner; clears what a dead lab of another clone left.
claim() {
  local other
  lock
  other=$(owner)
  if [ -n "$other" ] && [ "$other" != "$ROOT" ]; then
    refuse_foreign "$other"
    say "removing what the lab of $other left behind"
    teardown "$other"
    lock
  fi
  printf '%s\n' "$ROOT" >"$RUN/owner"
}

# A live lab is its owner's to end, unless that clone was deleted: then nobody else can.
refuse_foreign() {
  [ -x "$1/scripts/lab" ] || return 0
  ! lab_alive || die "the lab of $1 runs on this machine: run $1/scripts/lab down first"
}

# use_lab: for commands that need this clone's lab, and would not survive its end.
use_lab() {
  require_lab
  lock --shared
}

require_lab() {
  if [ "$(owner)" != "$ROOT" ] || ! running holder; then
    die "the lab is not running: run ./scripts/lab up first"
  fi
}
