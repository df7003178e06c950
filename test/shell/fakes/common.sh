# shellcheck shell=sh
# Sourced by every fake: writes down how it was called, and fails when the test asked for that.
# FAKE is the directory of the fakes' state, GWCTL_ROOT the root of the gateway's files. The fakes run many
# thousand times: what the shell does by itself takes no process.
call="${0##*/} $*"
printf '%s\n' "$call" >>"$FAKE/calls"
if [ -e "$FAKE/hang" ] && printf '%s\n' "$call" | grep -qEf "$FAKE/hang"; then sleep 30; fi
if [ -e "$FAKE/fail" ] && printf '%s\n' "$call" | grep -qEf "$FAKE/fail"; then
  echo "${0##*/}: fails as asked" >&2
  exit 1
fi

# texts FILE: its lines, each include replaced by the lines of the file it names.
texts() {
  while IFS= read -r line; do
    case $line in
      'include "'*)
        included=${line#include \"}
        lines "${included%\"}" || return 1
        ;;
      *) printf '%s\n' "$line" ;;
    esac
  done <"$1"
}

lines() { while IFS= read -r line; do printf '%s\n' "$line"; done <"$1"; }

# Like the real validators, the message quotes the text it cannot read, secrets and all.
refuse_bad() {
  text=$(texts "$1") || exit 1
  case $text in
    *BAD*) echo "$1: 1: syntax error near: $(printf '%s\n' "$text" | grep BAD)" >&2; exit 1 ;;
  esac
}
