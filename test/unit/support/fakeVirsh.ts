import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SCRIPT = `#!/bin/sh
# What libvirt knows is in the files state and word; what was done is in deeds.
here=HERE
while [ "$1" = -q ] || [ "$1" = -c ]; do if [ "$1" = -c ]; then shift; fi; shift; done
[ ! -e $here/deaf ] || { echo "error: failed to connect to the hypervisor" >&2; exit 1; }
[ -e $here/state ] || { echo "error: failed to get domain 'id'" >&2; exit 1; }
case "$*" in
  domstate*) cat $here/state ;;
  domname*) echo gw ;;
  *--set*) printf '%s\\n' "$*" | sed 's/.*word="\\([^"]*\\)".*/\\1/' >$here/word ;;
  *--remove*) rm $here/word ;;
  metadata*)
    [ -e $here/word ] || { echo "error: metadata not found: Requested metadata element is not present" >&2; exit 1; }
    echo "<protected xmlns=\\"x\\" word=\\"$(cat $here/word)\\"/>" ;;
  shutdown*) echo shutdown >>$here/deeds; echo "shut off" >$here/state ;;
  undefine*) echo undefine >>$here/deeds; rm $here/state ;;
  *) echo "error: unknown $*" >&2; exit 1 ;;
esac
`;

/** A virsh of one running machine, for programs that find it in PATH. */
export class FakeVirsh {
  /** Goes first into PATH. */
  public readonly bin: string;

  constructor(private readonly folder: string) {
    this.bin = join(folder, "bin");
    mkdirSync(this.bin, { recursive: true });
    writeFileSync(join(this.bin, "virsh"), SCRIPT.replace("here=HERE", `here=${folder}`));
    chmodSync(join(this.bin, "virsh"), 0o755);
    this.write("state", "running");
  }

  public write(what: "state" | "word" | "deaf", text: string): void {
    writeFileSync(join(this.folder, what), `${text}\n`);
  }

  public read(what: "state" | "word" | "deeds"): string | undefined {
    const file = join(this.folder, what);
    return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
  }
}
