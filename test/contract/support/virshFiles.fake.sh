#!/bin/sh
# virsh for volumes that are files: as a command, and as a shell that reads commands from standard input.
# FAKE_VIRSH is the folder of the pools; its file `fault` says what goes wrong with the nth upload of
# more than 4 KiB: `cut N` (the connection ends), `full N`, `flip N` (a byte arrives as another one).
# A shell script, as the tests call it some hundred times, and node takes a tenth of a second to start.
set -fu
[ "$1 $2" = "-q -c" ] || { echo "called with $*" >&2; exit 70; }
place=$FAKE_VIRSH/$(printf %s "$3" | tr -cs 'A-Za-z0-9_' _)
shift 3
status=0

failed() {
  echo "error: $1" >&2
  status=1
}

# options ARG…: sets pool, vol, file, offset, length, and first to third for what has no name.
options() {
  pool='' vol='' file='' offset=0 length='' first='' second='' third=''
  while [ $# -gt 0 ]; do
    case $1 in
      --bytes | --sparse | --all | --name | --err | --inactive) shift; continue ;;
      --pool) pool=$2 ;;
      --vol) vol=$2 ;;
      --file) file=$2 ;;
      --offset) offset=$2 ;;
      --length) length=$2 ;;
      --*) ;;
      *)
        if [ -z "$first" ]; then first=$1; elif [ -z "$second" ]; then second=$1; else third=$1; fi
        shift
        continue
        ;;
    esac
    shift 2
  done
}

# volume NAME: sets at, its file.
volume() {
  at=$place/$pool/$1
  [ -e "$at" ] || { failed "failed to get vol '$1'"; return 1; }
}

# As libvirt: a path of any name is the volume whose file it is.
volume_at() {
  at=$(realpath -e "$1" 2>/dev/null) || at=''
  case $at in ("$(realpath "$place")"/*) ;; (*) failed "failed to get vol '$1'"; return 1 ;; esac
}

# fault: sets kind, which is empty unless it is this upload's.
fault() {
  kind=''
  [ -e "$FAKE_VIRSH/fault" ] || return 0
  read -r kind count <"$FAKE_VIRSH/fault" || true
  if [ "$count" -le 1 ]; then rm "$FAKE_VIRSH/fault"; return; fi
  printf '%s %d' "$kind" $((count - 1)) >"$FAKE_VIRSH/fault"
  kind=''
}

upload() {
  volume "$vol" || return
  size=$(stat -c %s "$file")
  kind=''
  [ "$size" -le 4096 ] || fault
  case $kind in
    cut) echo "error: internal error: client socket is closed" >&2; exit 1 ;;
    full) failed "cannot write data to volume: No space left on device"; return ;;
  esac
  dd if="$file" of="$at" bs=1M seek="$offset" oflag=seek_bytes conv=notrunc status=none
  [ "$kind" = flip ] || return 0
  last=$(tail -c 1 "$file" | od -An -tu1)
  # shellcheck disable=SC2059 # the format is the byte
  printf "\\$(printf %03o $((last ^ 1)))" |
    dd of="$at" bs=1 seek=$((offset + size - 1)) conv=notrunc status=none
}

download() {
  volume "$vol" || return
  [ -n "$length" ] || length=$(($(stat -c %s "$at") - offset))
  dd if="$at" of="$file" bs=1M skip="$offset" count="$length" iflag=skip_bytes,count_bytes status=none
}

perform() {
  command=$1
  shift
  if [ "$command" = echo ]; then
    for last; do :; done
    printf '%s\n' "$last" >&2
    return
  fi
  options "$@"
  case $command in
    vol-info) volume "$first" && echo "Capacity:       $(stat -c %s "$at")" ;;
    vol-path) volume "$first" && printf '%s\n' "$at" ;;
    vol-key)
      if [ -z "$pool" ]; then volume_at "$first"; else volume "$first"; fi && printf '%s\n' "$at"
      ;;
    vol-list) ls "$place/$first" ;;
    pool-refresh) echo ;;
    vol-create-as)
      mkdir -p "$place/$first"
      if [ -e "$place/$first/$second" ]; then echo "$second is there already" >&2; exit 70; fi
      truncate -s "$third" "$place/$first/$second"
      echo
      ;;
    vol-delete) volume "$first" && rm "$at" && echo ;;
    vol-download) download && echo ;;
    vol-upload) upload && echo ;;
    pool-dumpxml) echo "<pool><path>$place/$first</path></pool>" ;;
    pool-info) echo "Available:      $(cat "$FAKE_VIRSH/free")" ;;
    list) if [ -e "$place/machine.xml" ]; then echo machine; else echo; fi ;;
    dumpxml) cat "$place/machine.xml" && echo ;;
    *) failed "no such command: $command" ;;
  esac
}

if [ $# -gt 0 ]; then
  perform "$@"
else
  while read -r line; do
    eval "perform $line"
  done
fi
exit $status
