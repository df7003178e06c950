import { spawnSync } from "node:child_process";
import type { Problem } from "../../config/load";
import type { StackConfig } from "../../config/schema";

const GIB = 1024 ** 3;

/**
 * What only the hypervisor knows: that it answers, that the pool is there and runs, and that the disk
 * fits. Asked before any resource is registered, because a disk that turns out to be impossible is
 * found out only after the old machine has been deleted for it.
 */
export function hypervisorProblems({ hypervisor, machine }: StackConfig): Problem[] {
  const pool = virsh(hypervisor.uri, "pool-info", hypervisor.pool, "--bytes");
  if (pool.error !== undefined) {
    return [poolProblem(hypervisor, pool.error)];
  }
  if (field(pool.text, "State") !== "running") {
    return [
      problem(
        "hypervisor.pool",
        `pool ${hypervisor.pool} is not running`,
        `start it: virsh -c ${hypervisor.uri} pool-start ${hypervisor.pool}`,
      ),
    ];
  }
  const wanted = machine.diskGiB * GIB;
  const volume = virsh(hypervisor.uri, "vol-info", machine.name, hypervisor.pool, "--bytes");
  if (volume.error === undefined) {
    const size = bytes(volume.text, "Capacity");
    return size === wanted
      ? []
      : [
          problem(
            "machine.diskGiB",
            `the disk of ${machine.name} has ${size / GIB} GiB`,
            `write ${size / GIB}: a disk is not resized in place yet, and replacing it loses the gateway`,
          ),
        ];
  }
  const free = bytes(pool.text, "Available");
  return free >= wanted
    ? []
    : [
        problem(
          "machine.diskGiB",
          `pool ${hypervisor.pool} has ${(free / GIB).toFixed(1)} GiB free`,
          `write less than ${machine.diskGiB}, or extend the volume group`,
        ),
      ];
}

function poolProblem({ uri, pool }: StackConfig["hypervisor"], error: string): Problem {
  const pools = virsh(uri, "pool-list", "--all", "--name");
  if (pools.error !== undefined) {
    return problem(
      "hypervisor.uri",
      `${uri} does not answer (${error})`,
      "see that libvirtd runs there and that this user may connect",
    );
  }
  const names = pools.text.split("\n").filter((name) => name.trim() !== "");
  return problem(
    "hypervisor.pool",
    `there is no pool ${pool}`,
    names.length > 0 ? `write one of: ${names.join(", ")}` : "define a logical pool first",
  );
}

function problem(path: string, message: string, fix: string): Problem {
  return { code: "GW003", path, message, fix };
}

function virsh(uri: string, ...args: string[]): { text: string; error?: string } {
  const { status, stdout, stderr, error } = spawnSync("virsh", ["-q", "-c", uri, ...args], {
    encoding: "utf8",
    // The fields' names are translated otherwise.
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error !== undefined) {
    return { text: "", error: `virsh cannot be run: ${error.message}` };
  }
  return status === 0 ? { text: stdout } : { text: "", error: lastLine(stderr) };
}

function field(text: string, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(.*?)\\s*$`, "m").exec(text)?.[1];
}

function bytes(text: string, name: string): number {
  return Number.parseInt(field(text, name) ?? "0", 10);
}

function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").replace(/^error:\s*/, "");
}
