#!/usr/bin/env bash
# The Debian packages that the lab and the building of its guest need, installed without starting or enabling a service.

PACKAGES=(
  libvirt-daemon-system libvirt-clients qemu-system-x86 xsltproc lvm2
  nftables iptables conntrack tcpdump iproute2 iputils-ping procps util-linux dnsmasq-base jq kmod zstd python3
  openssh-server openssh-client
  strongswan-swanctl charon-systemd strongswan-libcharon libcharon-extra-plugins
  libcharon-extauth-plugins libstrongswan-standard-plugins libstrongswan-extra-plugins
)
# The stand-in guest is built with Go; any release from Debian's on will do.
command -v go >/dev/null || [ -x /usr/local/go/bin/go ] || PACKAGES+=(golang-go)
POLICY=/usr/sbin/policy-rc.d
POLICY_MARK='# of ./scripts/lab: no service starts while it installs packages'

missing_packages() {
  local package
  { printf '%s\n' "${PACKAGES[@]}"; "$ROOT/lab/standin/build" --packages; "$ROOT/lab/standin/installer/build" --packages; } | sort -u |
    while read -r package; do
      dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
        printf '%s\n' "$package"
    done
}

ensure_packages() {
  local missing enabled
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "needs the packages ${missing[*]}: install them (no apt-get here)"
  enabled=$(enabled_units)
  (
    umask 022
    trap 'rm_policy' EXIT
    [ -e "$POLICY" ] || { printf '#!/bin/sh\n%s\nexit 101\n' "$POLICY_MARK" >"$POLICY"; chmod 755 "$POLICY"; }
    # The lists of a fresh machine are empty or old.
    install_packages "${missing[@]}" || { apt-get -q update && install_packages "${missing[@]}"; }
  )
  # What we install for the lab must not come up at the machine's next boot either.
  comm -13 <(printf '%s\n' "$enabled") <(enabled_units) | while read -r unit; do
    [ -z "$unit" ] || systemctl --quiet disable "$unit"
  done
}

install_packages() {
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@"
}

rm_policy() { ! grep -qsxF "$POLICY_MARK" "$POLICY" || rm -f "$POLICY"; }

enabled_units() {
  command -v systemctl >/dev/null || return 0
  systemctl list-unit-files --state=enabled --no-legend 2>/dev/null | awk '{ print $1 }' | sort
}

command_packages() {
  PACKAGES+=("$@")
  ensure_packages
}
