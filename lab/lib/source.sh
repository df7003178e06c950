#!/usr/bin/env bash
# What the gateways of this lab are made from: the stand-in installer's ISO as the stack files say it,
# the stand-in's disk image, or an ISO of OpenBSD. Chosen once, by the first `up` after a `down`.

SOURCE_FILE=$LAB/source

# source_kind: installer, image or iso.
source_kind() {
  local kind
  read -r kind _ 2>/dev/null <"$SOURCE_FILE" || kind=installer
  printf '%s\n' "$kind"
}

# choose_source KIND [ISO RELEASE [KEY]]: '' keeps what was chosen.
choose_source() {
  local wanted="$*"
  if [ -e "$SOURCE_FILE" ]; then
    [ -z "$wanted" ] || [ "$wanted" = "$(<"$SOURCE_FILE")" ] ||
      die "this lab's gateways are made from: $(<"$SOURCE_FILE"): run ./scripts/lab down first"
    return 0
  fi
  # In a new clone this is the first file of the lab.
  mkdir -p "$LAB"
  printf '%s\n' "${wanted:-installer}" >"$SOURCE_FILE"
}

# release_of ISO: install79.iso is of 7.9.
release_of() {
  [[ ${1##*/} =~ ^install([0-9]+)([0-9])\.iso$ ]] || die "$1: say which release it is: --release 7.9"
  printf '%s.%s\n' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
}

# with_source: a stack file on stdin, with what was chosen in place of what it says.
with_source() {
  local kind iso release key block
  read -r kind iso release key 2>/dev/null <"$SOURCE_FILE" || kind=installer
  case $kind in
    installer) cat; return ;;
    image) block="    image:\n      file: .lab/media/openbsd.img" ;;
    iso) block="    iso:\n      release: \"$release\"\n      file: $iso${key:+\n      key: $key}" ;;
  esac
  awk -v block="$block" '
    inside && /^( ? ?[^ ]|$)/ { inside = 0 }
    /^  openbsd-ipsec-gateway:source:/ { print; print block; inside = 1 }
    !inside
  '
}
