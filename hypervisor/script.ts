import { readHypervisorUri } from "../config/hypervisorUri";
import { type Declared, SSH_PROGRAM } from "./connection";

/**
 * The beginning of a script for sh(1): `v` is virsh at the hypervisor, `set -eu` is on, and what `$copy` names
 * is removed at the end. A script may run
 * from the state alone, without the program: it brings along what checks the hypervisor's host key.
 */
export const VIRSH = `set -eu
uri=$LIBVIRT_URI ssh= copy=
trap 'rm -rf "$ssh" "$copy"' EXIT
case $uri in
  *+ssh://*)
    ssh=$(mktemp -d)
    cat >"$ssh/ssh" <<'END OF PROGRAM'
${SSH_PROGRAM}END OF PROGRAM
    chmod 0700 "$ssh/ssh"
    printf '%s\\n' "\${KNOWN_HOSTS:-}" >"$ssh/known"
    [ -z "\${HOST_KEY:-}" ] || printf 'hypervisor %s\\n' "$HOST_KEY" >"$ssh/known_hosts"
    case $uri in
      *\\?*) uri="$uri&command=$ssh/ssh" ;;
      *) uri="$uri?command=$ssh/ssh" ;;
    esac
    ;;
esac
v() { LC_ALL=C virsh -q -c "$uri" "$@"; }`;

/** What {@link VIRSH} reads of the stack. */
export function virshVariables({ uri, hostKey }: Declared): Record<string, string> {
  const read = readHypervisorUri(uri);
  const knownHosts = "what" in read ? undefined : read.ssh?.knownHosts;
  return {
    LIBVIRT_URI: uri,
    ...(knownHosts !== undefined && { KNOWN_HOSTS: knownHosts }),
    ...(hostKey !== undefined && { HOST_KEY: hostKey }),
  };
}
