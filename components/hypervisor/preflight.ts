import { GIB, gib } from "../../config/units";
import type { Problem } from "../../config/load";
import { PROTECTION, wordOf } from "../../config/protectionMark";
import type { StackConfig } from "../../config/schema";
import { pin } from "../../hypervisor/connection";
import { askVirsh } from "../../hypervisor/virsh";
import { hostKeyProblems } from "./hostKey";

/** What the hypervisor has of this stack, and what is wrong there. */
export interface HypervisorState {
  readonly problems: readonly Problem[];
  /** There is the machine that `source.iso` asks for, on its disk. */
  readonly installed: boolean;
  /** The word by which libvirt knows the machine as protected; undefined: it does not. */
  readonly mark?: string | undefined;
}

/**
 * What only the hypervisor knows: that it answers, that the pools are there and run, that the disk
 * fits, and which installation the machine has. Asked before any resource is registered, because a
 * disk that turns out to be impossible is found out only after the old machine has been deleted for it.
 */
export function askHypervisor(config: StackConfig): HypervisorState {
  const { hypervisor, machine, source } = config;
  const unpinned = hostKeyProblems(hypervisor);
  if (unpinned.length > 0) return { problems: unpinned, installed: false };
  pin(hypervisor);
  const missing = ["pool", "mediaPool"] as const;
  const pools = missing.flatMap((key) => poolProblems(config, key));
  if (pools.length > 0) return { problems: pools, installed: false };
  const volume = source.disk?.volume ?? machine.name;
  const disk = askVirsh(hypervisor.uri, "vol-info", volume, hypervisor.pool, "--bytes");
  const found = installationOf(askVirsh(hypervisor.uri, "desc", "--domain", machine.name).text);
  return {
    problems: [
      ...(disk.error === undefined ? sizeProblems(config, disk.text) : absentProblems(config)),
      ...installationProblems(config, found),
    ],
    installed: disk.error === undefined && found?.generation === source.iso?.generation,
    mark: machine.protect ? markOf(config) : undefined,
  };
}

function markOf({ hypervisor, machine }: StackConfig): string | undefined {
  const which = ["--domain", machine.name, "--uri", PROTECTION.uri, "--config"];
  return wordOf(askVirsh(hypervisor.uri, "metadata", ...which).text);
}

/** What the machine's description says, see VirtualMachine and Installation. */
interface Found {
  /** Undefined: from an image. */
  readonly generation?: number | undefined;
}

function installationOf(description: string): Found | undefined {
  const words = /^installation (?<id>\S+?)(?:, generation (?<generation>\d+))?\s*$/.exec(
    description,
  );
  if (!words?.groups) return undefined;
  const { generation } = words.groups;
  return generation === undefined ? {} : { generation: Number(generation) };
}

function installationProblems({ machine, source }: StackConfig, found?: Found): Problem[] {
  if (!found) return [];
  // It is a disk of its own, and what is there stays on its.
  if (source.disk) return [];
  const isImage = found.generation === undefined;
  if (isImage !== (source.iso === undefined)) {
    return [
      {
        code: "GW097",
        path: "source",
        message: `${machine.name} was made from ${isImage ? "an image" : "an ISO"}`,
        fix: "write that again; or end it first (pulumi destroy), and everything on it with it",
      },
    ];
  }
  if (source.iso && found.generation !== source.iso.generation) {
    const { generation, allowReinstall } = source.iso;
    if (machine.protect && !allowReinstall) {
      return [
        {
          code: "GW096",
          path: "source.iso.generation",
          message: `${generation} would replace ${machine.name} (generation ${found.generation}), which is protected`,
          fix: `write ${found.generation}; or allowReinstall: true, run pulumi up, and only then the new generation`,
        },
      ];
    }
  }
  return [];
}

function poolProblems({ hypervisor }: StackConfig, key: "pool" | "mediaPool"): Problem[] {
  const name = hypervisor[key];
  if (name === undefined) return [];
  const pool = askVirsh(hypervisor.uri, "pool-info", name, "--bytes");
  if (pool.error !== undefined) return [poolProblem(hypervisor.uri, key, name, pool.error)];
  if (field(pool.text, "State") === "running") return [];
  return [
    problem(
      `hypervisor.${key}`,
      `pool ${name} is not running`,
      `start it: virsh -c ${hypervisor.uri} pool-start ${name}`,
    ),
  ];
}

function sizeProblems({ machine }: StackConfig, volume: string): Problem[] {
  const size = bytes(volume, "Capacity");
  return size === machine.diskGiB * GIB
    ? []
    : [
        problem(
          "machine.diskGiB",
          `the disk of ${machine.name} has ${size / GIB} GiB`,
          `write ${size / GIB}: a disk is not resized in place yet, and replacing it loses the gateway`,
        ),
      ];
}

function absentProblems(config: StackConfig): Problem[] {
  const { disk } = config.source;
  if (!disk || disk.from) return roomProblems(config);
  return [
    problem(
      "source.disk.volume",
      `pool ${config.hypervisor.pool} has no volume ${disk.volume}`,
      "write one that ./scripts/gateway promote --list shows, or source.disk.from",
    ),
  ];
}

function roomProblems({ hypervisor, machine }: StackConfig): Problem[] {
  const free = bytes(
    askVirsh(hypervisor.uri, "pool-info", hypervisor.pool, "--bytes").text,
    "Available",
  );
  return free >= machine.diskGiB * GIB
    ? []
    : [
        problem(
          "machine.diskGiB",
          `pool ${hypervisor.pool} has ${gib(free)} free`,
          `write less than ${machine.diskGiB}, or extend the volume group`,
        ),
      ];
}

function poolProblem(uri: string, key: "pool" | "mediaPool", name: string, error: string): Problem {
  const pools = askVirsh(uri, "pool-list", "--all", "--name");
  if (pools.error !== undefined) {
    return problem(
      "hypervisor.uri",
      `${uri} does not answer (${error})`,
      "see that libvirtd runs there and that this user may connect",
    );
  }
  const names = pools.text
    .split("\n")
    .map((one) => one.trim())
    .filter((one) => one !== "");
  const type = key === "pool" ? "logical" : "dir";
  return problem(
    `hypervisor.${key}`,
    `there is no pool ${name}`,
    names.length > 0 ? `write one of: ${names.join(", ")}` : `define a ${type} pool first`,
  );
}

function problem(path: string, message: string, fix: string): Problem {
  return { code: "GW003", path, message, fix };
}

function field(text: string, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(.*?)\\s*$`, "m").exec(text)?.[1];
}

function bytes(text: string, name: string): number {
  return Number.parseInt(field(text, name) ?? "0", 10);
}
