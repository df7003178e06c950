import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the gateway has it. */
export const GWCTL = "/usr/local/sbin/gwctl";

const PARTS = join(__dirname, "../../gateway/gwctl.d");

/**
 * The script that is installed: the parts, in the order of their names, as one compound command. A shell
 * reads such a command to its end before it runs any of it, so a script that was cut runs nothing and fails.
 */
export function gwctlScript(): string {
  const [first = "", ...rest] = readdirSync(PARTS)
    .filter((name) => name.endsWith(".ksh"))
    .sort()
    .map((name) => readFileSync(join(PARTS, name), "utf8"));
  const [shebang = "", ...head] = first.split("\n");
  return [shebang, "{", head.join("\n")].join("\n") + rest.join("") + "}\n";
}

/**
 * Installs the script that comes on standard input, if it is that one to the last byte. The file is on the
 * disk before it has its name: sync(8) only has the kernel begin to write.
 */
export function installGwctl(script: string): string {
  const sha256 = createHash("sha256").update(script).digest("hex");
  return `set -eu
umask 022
mkdir -p ${GWCTL.slice(0, GWCTL.lastIndexOf("/"))}
new=${GWCTL}.new
trap 'rm -f $new' EXIT
cat >$new
if [ $(($(wc -c <$new))) -ne ${Buffer.byteLength(script)} ] || [ "$(sha256 -q $new)" != ${sha256} ]; then
  echo "gwctl: not the whole script arrived, and the one before is kept: run pulumi up again" >&2
  exit 1
fi
ksh -n $new
chmod 0755 $new
dd if=/dev/null of=$new conv=notrunc,fsync 2>/dev/null
mv -f $new ${GWCTL}`;
}
