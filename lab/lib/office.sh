#!/usr/bin/env bash
# shellcheck disable=SC2034 # the parts that are sourced after this one use them
# The two offices: each a hypervisor, a firewall and a LAN. The second is made when a stack names it.
# A third hypervisor is a spare in the first office, on its LAN: there a gateway can move with its address.

# What the functions that make an office speak of; in_office changes it for one call.
OFFICE='' HV=hv PERIM=perim LAN_HOST=lan NET=10.10.0 GROUP=vg0$LAB_NAME GROUP_FILE=$LAB/vg0.img

# in_office NUMBER COMMAND…: '' is the first office, where the administrator sits.
in_office() {
  local OFFICE=$1 HV=hv$1 PERIM=perim$1 LAN_HOST=lan$1 NET=10.1${1:-0}.0
  local GROUP=vg${1:-0}$LAB_NAME GROUP_FILE=$LAB/vg${1:-0}.img
  shift
  "$@"
}

# The administrator reaches the second office's hypervisor over a line of its own, by SSH.
ADMIN_LINE=10.99.0.1
SECOND_HYPERVISOR=10.99.0.2
SPARE_HYPERVISOR=10.10.0.253

# Where the hypervisor that is spoken of is reached by SSH.
hypervisor_address() { if [ "$OFFICE" = 3 ]; then echo $SPARE_HYPERVISOR; else echo $SECOND_HYPERVISOR; fi; }

# in_holder COMMAND…: on the hypervisor of the office that is spoken of, in its files and network.
in_holder() {
  local holder
  holder=$(pid_of "holder$OFFICE") || return 1
  nsenter --mount="/proc/$holder/ns/mnt" --net="/proc/$holder/ns/net" \
    --uts="/proc/$holder/ns/uts" --wdns=/ -- "$@" 8>&- 9>&-
}

# Offices that are there: '' and, once a stack needed them, 2, and 3 for the spare hypervisor.
each_office() {
  local office
  for office in '' 2 3; do
    ! running "holder$office" || in_office "$office" "$@"
  done
}

# ensure_office_of STACK: the second one or the spare, when the stack's configuration names its hypervisor.
ensure_office_of() {
  ! grep -qsF "$SPARE_HYPERVISOR" "$PROJECT/Pulumi.$1.yaml" || ensure_spare
  grep -qsF "$SECOND_HYPERVISOR" "$PROJECT/Pulumi.$1.yaml" || return 0
  ! in_office 2 office_answers || return 0
  say "making the second office" >&2
  lock
  in_office 2 ensure_office >"$LAB/log/office2.log" 2>&1 ||
    die "the second office did not come up: see $LAB/log/office2.log"
}

office_answers() { hypervisor_answers && firewall_answers; }
hypervisor_answers() { running "holder$OFFICE" && running "hypervisor-sshd$OFFICE" && libvirtd_answers; }

ensure_office() {
  ensure_second_network
  ensure_hypervisor
  ensure_hypervisor_sshd
  ensure_perimeter
}

ensure_spare() {
  ! in_office 3 hypervisor_answers || return 0
  say "making the spare hypervisor" >&2
  lock
  in_office 3 make_spare >"$LAB/log/office3.log" 2>&1 ||
    die "the spare hypervisor did not come up: see $LAB/log/office3.log"
}

make_spare() {
  ensure_spare_network
  ensure_libvirt
  ensure_hypervisor_sshd
}

# spare [--shared]: with the first office's volumes in its pool, or with volumes of its own.
command_spare() {
  local group=vg3$LAB_NAME
  case $* in
    '') ;;
    --shared) group=$GROUP ;;
    *) usage >&2; exit 64 ;;
  esac
  require_lab
  ensure_spare
  in_office 3 take_group "$group"
  say "qemu+ssh://root@$SPARE_HYPERVISOR/system"
}

# take_group GROUP: the pool vg0 of the hypervisor that is spoken of is this volume group.
take_group() {
  ! virsh_lab pool-dumpxml vg0 | grep -qF "<path>/dev/$1</path>" || return 0
  virsh_lab pool-destroy vg0
  virsh_lab pool-undefine vg0
  ensure_pool vg0 logical --source-name "$1" --target "/dev/$1"
}
