#!/usr/bin/env bash
# The Pulumi CLI in the lab. It works on copies of the stack files, because it writes into them.

PROJECT=$LAB/project
STACKS=$LAB/state/.pulumi/stacks/openbsd-ipsec-gateway
DEFAULT_STACK=${LAB_STACK:-test}

# ensure_project: Pulumi.yaml that points at the program, next to the copies of the stack files.
ensure_project() {
  local file
  mkdir -p "$PROJECT" "$LAB/state"
  { cat "$ROOT/Pulumi.yaml"; printf '\nmain: %s\n' "$(jq -Rn --arg p "$ROOT" '$p')"; } |
    write_file "$PROJECT/Pulumi.yaml" || true
  for file in "$ROOT"/Pulumi.*.yaml; do
    [ ! -e "$file" ] || copy_stack_file "$file" "$PROJECT/${file##*/}"
  done
}

# Anew only when the committed one changed, so that an experiment in the copy lives until then.
copy_stack_file() {
  local sum salt
  sum=$(with_source <"$1" | sha256sum)
  [ "$sum" != "$(cat "$2.from" 2>/dev/null)" ] || [ ! -e "$2" ] || return 0
  # The salt belongs to the state, not to the values.
  salt=$(grep '^encryptionsalt:' "$2" 2>/dev/null || true)
  { [ -z "$salt" ] || printf '%s\n' "$salt"; grep -v '^encryptionsalt:' "$1" | with_source; } >"$2.new"
  mv -f "$2.new" "$2"
  printf '%s\n' "$sum" >"$2.from"
}

# pulumi_lab ARGS…: the CLI itself, on the workstation.
pulumi_lab() { in_hypervisor pulumi -C "$PROJECT" "$@"; }

# ensure_stack NAME: made on its first use.
ensure_stack() {
  # No dash: the peers' connections are named STACK-TUNNEL.
  [[ $1 =~ ^[a-z][a-z0-9]*$ ]] || die "stack $1: the lab's stacks are named by a-z and 0-9 only"
  [ -e "$STACKS/$1.json" ] ||
    pulumi_lab stack init --non-interactive --no-select "$1" >&2
}

# take_stack ARGS…: STACK becomes the stack they name; REST what remains.
take_stack() {
  STACK=$DEFAULT_STACK REST=()
  while [ $# -gt 0 ]; do
    case $1 in
      -s | --stack) [ $# -ge 2 ] || die "$1 needs the name of a stack"; STACK=$2; shift ;;
      --stack=*) STACK=${1#*=} ;;
      *) REST+=("$1") ;;
    esac
    shift
  done
}

# stack_outputs NAME [--show-secrets]: JSON on stdout; {} for a stack that was never brought up.
stack_outputs() {
  local name=$1
  shift
  ensure_project
  ensure_stack "$name"
  pulumi_lab stack output --json --stack "$name" "$@"
}

# The peers follow what a run has changed, as the other side's administrator would.
command_pulumi() {
  local verb status=0
  [ $# -gt 0 ] || set -- --help
  use_lab
  export_environment
  ensure_project
  take_stack "$@"
  ensure_office_of "$STACK"
  ensure_stack "$STACK"
  verb=$(first_word "${REST[@]}")
  pulumi_lab stack select "$STACK" >/dev/null
  pulumi_lab "${REST[@]}" || status=$?
  case $verb in
    up | update | destroy) [ "$status" -ne 0 ] || sync_peers "$STACK" >&2 ;;
  esac
  exit "$status"
}

first_word() {
  local word
  for word; do [[ $word == -* ]] || { printf '%s\n' "$word"; return 0; }; done
}
