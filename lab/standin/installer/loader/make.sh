#!/usr/bin/env bash
# make.sh OUTDIR VERSION: builds cdbr and cdboot, the programs that the BIOS and cdbr start.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out=$1 version=$2
flags=(-m16 -march=i386 -Os -std=gnu11 -Wall -Wextra -Werror -ffreestanding -fno-pic -fno-stack-protector
  -fcf-protection=none -fno-asynchronous-unwind-tables -mno-sse -mregparm=3 "-DVERSION=\"$version\"")
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

# link NAME ORIGIN SEGMENT STACK SOURCE…
link() {
  local name=$1 origin=$2 segment=$3 stack=$4 source parts=()
  shift 4
  for source in start.S "$@"; do
    gcc "${flags[@]}" -DLOAD_SEGMENT="$segment" -DSTACK="$stack" -c "$source" -o "$objects/$name-$source.o"
    parts+=("$objects/$name-$source.o")
  done
  # Everything in one piece, the entry first; the memory of .bss is part of it, and zero.
  cat >"$objects/script" <<'LD'
SECTIONS {
  .all : { *(.start) *(.text*) *(.rodata*) *(.data*) *(.bss*) *(COMMON) BYTE(0) }
  /DISCARD/ : { *(.note*) *(.comment) *(.eh_frame*) }
}
LD
  ld -m elf_i386 -T "$objects/script" -Ttext "$origin" --section-start=.all="$origin" -e start --oformat binary \
    -o "$out/$name" "${parts[@]}"
}

link cdbr 0x7c00 0 0x7c00 iso.c cdbr.c
link cdboot 0 0x1000 0xfff0 iso.c console.c cdboot.c linux.c
[ "$(stat -c %s "$out/cdbr")" -le 2048 ] || { echo "cdbr: larger than a sector" >&2; exit 1; }
truncate -s 2048 "$out/cdbr"
