#!/usr/bin/env bash
# The lab's daemons: started detached, recorded by pid and start time, ended only when both match.

PIDS=$RUN/pids

# launch NAME COMMAND…: detached from this terminal, with a clean environment; log in .lab/log.
launch() {
  local name=$1
  shift
  mkdir -p "$PIDS" "$LAB/log"
  # fd 9 is the lab's lock: a daemon that kept it would hold it for ever.
  setsid env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    LANG=C.UTF-8 "$ROOT/lab/lib/launch" "$PIDS/$name" "$@" \
    </dev/null >>"$LAB/log/$name.log" 2>&1 8>&- 9>&- &
  disown
}

# pid_of NAME: prints the pid if that very process still runs.
pid_of() {
  local pid started boot stat fields
  [ -f "$PIDS/$1" ] && read -r pid started boot <"$PIDS/$1" || return 1
  [ "$boot" = "$(</proc/sys/kernel/random/boot_id)" ] || return 1
  stat=$(cat "/proc/$pid/stat" 2>/dev/null) || return 1
  read -r -a fields <<<"${stat##*) }"
  # A zombie has ended; only its parent has not looked yet.
  [ "${fields[19]}" = "$started" ] && [ "${fields[0]}" != Z ] || return 1
  printf '%s\n' "$pid"
}

# running NAME
running() { pid_of "$1" >/dev/null; }

# stop NAME: ends it and waits; kills it after 5 seconds.
stop() {
  local pid
  if pid=$(pid_of "$1"); then
    kill "$pid" 2>/dev/null || true
    until_true 5 ended "$1" || { kill -KILL "$pid" 2>/dev/null || true; until_true 5 ended "$1"; }
  fi
  rm -f "$PIDS/$1"
}
ended() { ! running "$1"; }

recorded_processes() {
  [ ! -d "$PIDS" ] || find "$PIDS" -mindepth 1 -maxdepth 1 ! -name '*.new' -printf '%f\n' | sort
}

# processes_in NAMESPACE: pids with that network. The namespaces are the lab's, so is what is inside.
processes_in() {
  [ -e "$(netns "$1")" ] || return 0
  ip netns pids "$PREFIX$1" 2>/dev/null || true
}

# clear_namespace NAMESPACE: ends whatever still has that network.
clear_namespace() {
  local signal pids
  for signal in TERM KILL; do
    mapfile -t pids < <(processes_in "$1")
    [ ${#pids[@]} -gt 0 ] || return 0
    kill -s "$signal" "${pids[@]}" 2>/dev/null || true
    until_true 5 namespace_empty "$1" || true
  done
  namespace_empty "$1" || die "processes in $PREFIX$1 do not end: ${pids[*]}"
}
namespace_empty() { [ -z "$(processes_in "$1")" ]; }
