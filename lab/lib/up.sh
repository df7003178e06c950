#!/usr/bin/env bash
# From nothing to proven tunnels. Every step looks first whether its work is done and alive.

command_up() {
  local with_stack=1 started=$SECONDS from=() iso='' release='' key=''
  take_stack "$@"
  set -- "${REST[@]}"
  while [ $# -gt 0 ]; do
    case $1 in
      --no-stack) with_stack= ;;
      --image | --installer) from=("${1#--}") ;;
      --iso) [ $# -ge 2 ] || { usage >&2; exit 64; }; iso=$2; shift ;;
      --release) [ $# -ge 2 ] || { usage >&2; exit 64; }; release=$2; shift ;;
      --key) [ $# -ge 2 ] || { usage >&2; exit 64; }; key=$2; shift ;;
      *) usage >&2; exit 64 ;;
    esac
    shift
  done
  if [ -n "$iso" ]; then
    [ ${#from[@]} -eq 0 ] || die "give --image, --installer or --iso: one of them"
    [ -r "$iso" ] || die "--iso $iso: no such file"
    [[ $iso$key != *[[:space:]]* ]] || die "--iso and --key: the lab takes no path with a blank in it"
    [ -z "$key" ] || [ -r "$key" ] || die "--key $key: no such file"
    from=(iso "$(readlink -f "$iso")" "${release:-$(release_of "$iso")}" ${key:+"$(readlink -f "$key")"})
  elif [ -n "$release$key" ]; then
    die "--release and --key belong to --iso"
  fi
  claim
  # A step that ends the shell ends it with its output still going to the step's log.
  exec 8>&2
  trap end_up EXIT
  start_afresh_if_broken
  choose_source "${from[@]}"
  # Debian's packages bring what the toolchain is made with, where the machine has none of it.
  if command -v go >/dev/null && command -v npm >/dev/null; then
    begin_toolchain
    step packages ensure_packages
  else
    step packages ensure_packages
    begin_toolchain
  fi
  step keys ensure_keys
  step media ensure_media
  step network ensure_network
  step hypervisor ensure_hypervisor
  step perimeter ensure_perimeter
  step peers ensure_peers
  loud_step toolchain await_toolchain
  if [ -n "$with_stack" ]; then
    export_environment
    step guests each_office ensure_guests_run
    step "stack $STACK" bring_up_stack
    step sync sync_peers "$STACK"
    loud_step verify verify_tunnels --stack "$STACK"
  fi
  say "up in $((SECONDS - started)) s"
}

# It compiles for minutes, and nothing needs it before the stack.
begin_toolchain() {
  # A process group of its own, which can be ended as a whole.
  set -m
  "$ROOT/scripts/toolchain" </dev/null 8>&- 9>&- &
  TOOLCHAIN=$!
  set +m
}

await_toolchain() {
  wait "$TOOLCHAIN"
  TOOLCHAIN=
}

end_up() {
  report_failure
  drop_notice
  [ -n "${TOOLCHAIN:-}" ] || return 0
  kill -- "-$TOOLCHAIN" 2>/dev/null || true
  wait "$TOOLCHAIN" || true
}

bring_up_stack() {
  local REFRESH=
  ensure_project
  ensure_office_of "$STACK"
  restore_torn_state
  ensure_stack "$STACK"
  pulumi_lab stack select "$STACK"
  break_stale_lock
  each_office remove_half_made
  pulumi_lab up --yes --non-interactive --skip-preview ${REFRESH:+"$REFRESH"}
}

# Nobody else runs Pulumi here while `up` holds the lab's own lock: what is left is a killed run's.
break_stale_lock() {
  ! compgen -G "$LAB/state/.pulumi/locks/organization/openbsd-ipsec-gateway/$STACK/*.json" >/dev/null ||
    pulumi_lab cancel --yes --stack "$STACK"
}

# A run that was killed in the middle of a creation leaves a machine or a disk that the state does not
# know; the next creation would stumble over its name.
remove_half_made() {
  local name
  virsh_lab list --all --name | strays libvirt:index/domain:Domain | while read -r name; do
    virsh_lab destroy "$name" </dev/null || true
    # An installer's is gone with that.
    virsh_lab undefine "$name" </dev/null || true
  done
  virsh_lab vol-list vg0 | awk '{ print $1 }' | strays libvirt:index/volume:Volume |
    while read -r name; do virsh_lab vol-delete "$name" vg0 </dev/null; done
}

# strays TYPE: those of the names on stdin that no stack has a resource of this type for. One that is
# about to be replaced is gone already.
strays() {
  local known
  known=$(jq -r --arg type "$1" '.checkpoint.latest.resources[]? | select(.type == $type and .pendingReplacement != true)
    | .outputs.name' \
    "$STACKS"/*.json)
  grep -v '^$' | grep -vxF "${known:-/}" || true
}

# Pulumi does not replace its state in one step: a run that is killed as it writes leaves half a file,
# and the one before under another name; of a stack's first states both can be torn.
restore_torn_state() {
  local file=$STACKS/$STACK.json
  remove_torn_attributes
  [ -e "$file" ] && ! is_state "$file" || return 0
  if is_state "$file.bak"; then cp "$file.bak" "$file"; else rm -f "$file"; fi
  # It may know things that are gone by now.
  REFRESH=--refresh
}

# Pulumi's file store writes the attributes of each file in place, refuses a file whose attributes are torn
# ("failed to load checkpoint: EOF"), and does without attributes where there are none.
remove_torn_attributes() {
  local file
  find "$LAB/state" -name '*.attrs' -print0 | while IFS= read -r -d '' file; do
    [ "$(jq -r type "$file" 2>/dev/null)" = object ] || rm -f "$file"
  done
}

is_state() { [ "$(jq 'has("checkpoint")' "$1" 2>/dev/null)" = true ]; }

# Pulumi's state describes a firewall and disks. Where these are gone (the machine was rebooted, a
# namespace or the disk file deleted), it describes nothing, and both start again.
start_afresh_if_broken() {
  [ -d "$LAB/state" ] || return 0
  if [ -e "$GROUP_FILE" ] && firewall_loaded; then return 0; fi
  say "the machines of the last run are gone (a reboot?): starting afresh"
  teardown "$ROOT"
  claim
}

# step NAME COMMAND…: one line when done; what it printed is shown only if it fails. Whoever waits for
# longer than a moment is told for what.
step() {
  local began=$EPOCHREALTIME
  STEP=$1 STEP_LOG=$LAB/log/up-${1// /-}.log
  shift
  mkdir -p "$LAB/log"
  exec 7<> <(:)
  notice_soon &
  NOTICE=$!
  disown "$NOTICE"
  exec 7>&-
  # Not in a condition: the shell would go on after a failing line inside the command.
  "$@" >"$STEP_LOG" 2>&1
  drop_notice
  step_done "$began"
}

drop_notice() {
  [ -z "${NOTICE:-}" ] || kill "$NOTICE" 2>/dev/null || true
  NOTICE=
}

# The shell's own pause, on a pipe that nobody writes to: a sleep(1) would outlive the notice that is not needed,
# and hold the output open.
notice_soon() {
  exec 8>&- 9>&-
  read -rt 1 <&7 || true
  printf 'lab: %-12s … (what it says: %s)\n' "$STEP" "${STEP_LOG#"$ROOT"/}"
}

# loud_step NAME COMMAND…: the same for a command that reports its own progress.
loud_step() {
  local began=$EPOCHREALTIME
  STEP=$1 STEP_LOG=
  shift
  "$@"
  step_done "$began"
}

step_done() {
  local tenths=$(((${EPOCHREALTIME/./} - ${1/./}) / 100000))
  printf 'lab: %-12s %4d.%d s\n' "$STEP" $((tenths / 10)) $((tenths % 10))
  STEP=
}

report_failure() {
  local status=$?
  [ -n "${STEP:-}" ] && [ "$status" -ne 0 ] || return 0
  exec >&8 2>&1
  printf 'lab: %s failed (exit status %s)\n' "$STEP" "$status"
  [ -z "$STEP_LOG" ] || { what_failed "$STEP_LOG" | sed 's/^/    /'; echo "    (all of it: $STEP_LOG)"; }
}

# what_failed LOG: Pulumi says it before all outputs of the stack, everybody else at the end.
what_failed() {
  sed -n '/^Diagnostics:/,$p' "$1" | sed '/^Outputs:/,$d; /^Resources:/,$d' | head -n 60 | grep . || tail -n 30 "$1"
}
