export interface SiteSetValues {
  /** Root's SSH keys, in the form of authorized_keys; at least one. */
  readonly sshPublicKeys: readonly string[];
}

/** One member of the set; nothing is archived that is not listed. */
export interface Member {
  /** Relative to the root of the new system. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: 0;
  readonly gid: 0;
  readonly content: string;
}

/** What install.site prints on the console before the gateway's public host key. */
export const HOST_KEY_MARK = "gateway-host-key:";
/**
 * install.site(5): run by the installer as its last step, with the new system as its root. A
 * failure fails the installation.
 *
 * @throws RangeError if there is no key, or one has more than one line.
 */
export function installSite({ sshPublicKeys }: SiteSetValues): string {
  if (sshPublicKeys.length === 0 || sshPublicKeys.some((key) => !/^[^\r\n]+$/.test(key))) {
    throw new RangeError("sshPublicKeys: needs at least one key, each on one line");
  }
  return `#!/bin/sh
set -eu
umask 077

# The installer takes one key for root; the set is complete only here.
install -d -o root -g wheel -m 0700 /root/.ssh
cat >/root/.ssh/authorized_keys <<'END-OF-KEYS'
${sshPublicKeys.join("\n")}
END-OF-KEYS
chown root:wheel /root/.ssh/authorized_keys
chmod 0600 /root/.ssh/authorized_keys

# rc(8) would make it at the first boot. Made here, the console that everybody watches anyway tells it
# before there is a network, and the first connection is pinned.
key=/etc/ssh/ssh_host_ed25519_key
[ -f $key ] || ssh-keygen -q -t ed25519 -N '' -f $key
chmod 0644 $key.pub
echo "${HOST_KEY_MARK} $(cut -d ' ' -f 1,2 $key.pub)"

# A guest has no hardware that needs firmware, and without a route out this waits for its timeout.
[ ! -f /etc/rc.firsttime ] || sed -i '/^\\/usr\\/sbin\\/fw_update$/d' /etc/rc.firsttime

rm -f /install.site
`;
}

/** Everything the site set brings. */
export function siteSetMembers(values: SiteSetValues): readonly Member[] {
  return [{ path: "install.site", mode: 0o755, uid: 0, gid: 0, content: installSite(values) }];
}
