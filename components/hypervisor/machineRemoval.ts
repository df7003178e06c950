import { PROTECTION } from "../../config/protectionMark";
import { VIRSH } from "../../hypervisor/script";

const SHUTDOWN_SECONDS = 60;

// By the domain's id: run again after a killed run, a script must not find the machine that came after.
// "gone" is only what libvirt itself says: no answer of a hypervisor says nothing about the machine.
const ASK = `${VIRSH}
state() {
  if said=$(v domstate "$DOMAIN" 2>&1); then
    echo "$said"
    return
  fi
  case $said in
    *"failed to get domain"* | *"omain not found"*) echo gone ;;
    *)
      echo "$said" >&2
      return 1
      ;;
  esac
}
is_protected() {
  if said=$(v metadata --domain "$DOMAIN" --uri '${PROTECTION.uri}' --config 2>&1); then return 0; fi
  case $said in
    *"metadata not found"* | *"not present"*) return 1 ;;
    *)
      echo "$said" >&2
      exit 1
      ;;
  esac
}
now=$(state)`;

// Also what a `pulumi destroy --ignore-protect` runs, and one after `pulumi state unprotect`.
const REFUSE = `[ "$now" != gone ] || exit 0
if is_protected; then
  echo "$(v domname "$DOMAIN"): is protected (machine.protect), so nothing was touched: write protect: false, run pulumi up, and try again" >&2
  exit 1
fi`;

/** Has libvirt know that the machine is protected, by the word in PROTECTED; or not, if that is empty. */
export const MARK = `${ASK}
if [ -n "$PROTECTED" ]; then
  v metadata --domain "$DOMAIN" --uri '${PROTECTION.uri}' --config --key ${PROTECTION.key} --set "<protected word=\\"$PROTECTED\\"/>"
elif [ "$now" != gone ] && is_protected; then
  v metadata --domain "$DOMAIN" --uri '${PROTECTION.uri}' --config --remove
fi`;

/** Fails as long as the machine is protected. */
export const REFUSE_WHILE_PROTECTED = `${ASK}
${REFUSE}`;

/** Powers the machine off and undefines it. One that is off already, or gone, is what was asked for. */
export const REMOVE_MACHINE = `${REFUSE_WHILE_PROTECTED}
if v shutdown --mode acpi "$DOMAIN" 2>/dev/null; then
  waited=0
  now=$(state)
  while [ "$now" = running ] && [ "$waited" -lt ${SHUTDOWN_SECONDS} ]; do
    sleep 1
    waited=$((waited + 1))
    now=$(state)
  done
  if [ "$now" = running ]; then
    echo "it did not shut down within ${SHUTDOWN_SECONDS} s: it is powered off" >&2
    v destroy "$DOMAIN"
  fi
fi
now=$(state)
[ "$now" = gone ] || v undefine --managed-save --snapshots-metadata --nvram "$DOMAIN"`;
