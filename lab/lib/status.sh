#!/usr/bin/env bash
# What runs, and where.

# The lab's daemons, each with its machine and what it is for.
daemons() {
  office_daemons
  ! running holder2 || { in_office 2 office_daemons; echo "hypervisor-sshd2 hv2 sshd of the second hypervisor"; }
  ! running holder3 || { in_office 3 hypervisor_daemons; echo "hypervisor-sshd3 hv3 sshd of the spare hypervisor"; }
  jq -r '.[] | "peer-\(.name) \(.name) IKE peer \(.address), LAN \(.lan)"' "$SITES_FILE"
}

hypervisor_daemons() {
  cat <<LIST
holder$OFFICE $HV the hypervisor's namespaces
virtlogd$OFFICE $HV libvirt's log daemon
libvirtd$OFFICE $HV libvirt
LIST
}

office_daemons() {
  hypervisor_daemons
  cat <<LIST
dnsmasq$OFFICE $HV DHCP on the office LAN
firewall$OFFICE $PERIM sshd of the perimeter firewall
LIST
}

command_status() {
  local json=''
  case ${1:-} in
    '') ;;
    --json) json=1 ;;
    *) usage >&2; exit 64 ;;
  esac
  command -v jq >/dev/null || die "the lab was never up here (its packages are missing)"
  if [ -n "$json" ]; then status_json; else status_table; fi
}

status_table() {
  local name machine what
  printf 'clone   %s\n' "$(owner | grep . || echo none)"
  while read -r name machine what; do
    printf '%-11s %-12s %-8s %s\n' "$name" "$PREFIX$machine" "$(pid_of "$name" || echo -)" "$what"
  done < <(daemons)
  each_office guests | while IFS=$'\t' read -r name machine what; do
    printf '%-11s %-12s %-8s %s\n' "$name" "$PREFIX$machine" guest "$what"
  done
  printf 'logs    %s\n' "$LAB/log"
}

status_json() {
  local name machine what
  {
    while read -r name machine what; do
      jq -n --arg name "$name" --arg namespace "$PREFIX$machine" --arg what "$what" \
        --arg pid "$(pid_of "$name" || true)" --arg log "$LAB/log/$name.log" \
        '{daemons: {name: $name, namespace: $namespace, what: $what, pid: ($pid | if . == "" then null else tonumber end), log: $log}}'
    done < <(daemons)
    each_office guests | jq -R 'split("\t") | {guests: {name: .[0], machine: .[1], state: .[2]}}'
  } | jq -s --arg clone "$(owner)" '{clone: $clone, daemons: [.[].daemons // empty], guests: [.[].guests // empty]}'
}

# Name, machine and state of every guest, tab between them.
guests() {
  local guest
  running "libvirtd$OFFICE" || return 0
  for guest in $(virsh_lab list --all --name); do
    printf '%s\t%s\t%s\n' "$guest" "$HV" "$(virsh_lab domstate "$guest" | head -n 1)"
  done
}
