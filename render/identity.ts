import type { Identity } from "../contract/adopt";
import { addressOf, parseNetwork } from "../config/net";
import { HOST_KEY_MARK } from "./siteSet";
import { ustar } from "./ustar";

/** tar(1) reads a device in records of this size. */
const RECORD = 10_240;

/**
 * What `gwctl identity` runs, on the copy's first start, before it has a network.
 *
 * @throws RangeError if there is no key, or a value has more than one line.
 */
export function identityScript(identity: Identity): string {
  const { hostname, address, gateway, dns, sshPublicKeys } = identity;
  if (sshPublicKeys.length === 0) throw new RangeError("sshPublicKeys: needs at least one key");
  const files: [path: string, mode: string, lines: readonly string[]][] = [
    ["/etc/myname", "0644", [hostname]],
    [`/etc/hostname.${identity.interface}`, "0640", [hostnameLine(address)]],
    ...(gateway === undefined ? [] : [line("/etc/mygate", gateway)]),
    ["/etc/resolv.conf", "0644", [...dns.map((one) => `nameserver ${one}`), "lookup file bind"]],
    ["/root/.ssh/authorized_keys", "0600", sshPublicKeys],
  ];
  const written = files.map(([path]) => path);
  return `set -eu
umask 077
install -d -o root -g wheel -m 0700 /root/.ssh
${files.map(fileText).join("")}
# Whatever rc(8) has made before it came here: the keys are of this disk and of no other.
rm -f /etc/ssh/ssh_host_*
key=/etc/ssh/ssh_host_ed25519_key
ssh-keygen -q -t ed25519 -N '' -f $key
chmod 0644 $key.pub
rm -f /install.site
# On the disk before anybody relies on the key: sync(8) would begin to write, and say nothing if that fails.
for file in ${written.join(" ")} $key $key.pub; do
  dd if=/dev/null of=$file conv=notrunc,fsync 2>/dev/null || { echo "$file: cannot be written to the disk" >&2; exit 1; }
done
echo "${HOST_KEY_MARK} $(cut -d ' ' -f 1,2 $key.pub)"
`;
}

/** The archive that is attached to the machine as a disk. */
export function identityMedium(identity: Identity): Buffer {
  const script = { path: "install.site", mode: 0o600, uid: 0, gid: 0 };
  const archive = ustar([{ ...script, content: identityScript(identity) }]);
  return Buffer.concat([archive, Buffer.alloc((RECORD - (archive.length % RECORD)) % RECORD)]);
}

function hostnameLine(address: string): string {
  if (address === "dhcp") return "inet autoconf";
  const network = parseNetwork(address);
  if (!network) throw new RangeError(`${address}: is no address with its prefix`);
  const { family, prefix } = network;
  return family === 6
    ? `inet6 ${addressOf(address)} ${prefix}`
    : `inet ${addressOf(address)} ${netmask(prefix)}`;
}

function netmask(prefix: number): string {
  const bits = "1".repeat(prefix).padEnd(32, "0");
  return (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)).join(".");
}

const line = (path: string, value: string): [string, string, string[]] => [path, "0644", [value]];

function fileText([path, mode, lines]: [string, string, readonly string[]]): string {
  if (lines.some((one) => !/^[^\r\n]+$/.test(one))) {
    throw new RangeError(`${path}: needs values of one line each`);
  }
  return `cat >${path} <<'END-OF-FILE'
${lines.join("\n")}
END-OF-FILE
chown root:wheel ${path}
chmod ${mode} ${path}
`;
}
