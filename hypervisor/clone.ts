import { spawn } from "node:child_process";
import type { Disk } from "../contract/libvirt";
import { CopyFailed } from "./copy/failure";
import { connectionTo, virshEnvironment } from "./virsh";

// In a session of its own, deaf to signals and without a pipe to us: whatever becomes of the program
// that started it, the gateway is on again when it ends. The exit status says what failed.
const CLONE = `trap '' HUP INT TERM PIPE
v() { virsh -q -c "$URI" "$@" >/dev/null 2>&1; }
state() { virsh -q -c "$URI" domstate "$DOMAIN" 2>/dev/null; }
v shutdown --mode acpi "$DOMAIN" || exit 3
waited=0
while [ "$(state)" = running ]; do
  [ "$waited" -lt 120 ] || exit 4
  sleep 1
  waited=$((waited + 1))
done
v vol-clone --pool "$POOL" "$VOLUME" "$CLONE"
cloned=$?
tries=0
until v start "$DOMAIN" || [ "$(state)" = running ]; do
  [ "$tries" -lt 30 ] || {
    [ -n "$(state)" ] || exit 7
    exit 6
  }
  sleep 2
  tries=$((tries + 1))
done
[ "$cloned" -eq 0 ] || exit 5`;

const CLONE_FAILURES: Readonly<Record<number, string>> = {
  3: "did not take the order to shut down; it was not touched",
  4: "did not shut down within 120 s: it still runs, and nothing was copied",
  5: "could not be cloned; the gateway is on again: look at the pool's space and the hypervisor's log",
  6: "is off and does not start: look at the hypervisor's log, and virsh start it",
  7:
    "was shut down for its copy, and the hypervisor does not answer any more: whether it runs is not known: " +
    "ask virsh domstate when it answers, before anything is started",
};

/**
 * The gateway goes off, its disk is cloned, and it comes on again whatever happens meanwhile.
 *
 * @throws CopyFailed saying which of that failed
 */
export function cloneWhileOff(
  { uri, pool, volume }: Disk,
  domain: string,
  clone: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", ["-c", CLONE], {
      detached: true,
      stdio: "ignore",
      env: {
        ...virshEnvironment(),
        ...{ URI: connectionTo(uri), POOL: pool, VOLUME: volume, CLONE: clone, DOMAIN: domain },
      },
    });
    child.once("error", reject);
    child.once("close", (status) => {
      if (status === 0) resolve();
      else {
        const why = CLONE_FAILURES[status ?? 0] ?? "could not be cloned";
        reject(new CopyFailed(`${domain}: ${why}`));
      }
    });
  });
}
