import { removedTooEarly, type StateOutputs } from "../../components/newSystem";
import type { StackConfig } from "../../config/schema";

const GATEWAY = "urn:pulumi:test::openbsd-ipsec-gateway::openbsd-ipsec-gateway:index:Gateway";
const HYPERVISOR = `${GATEWAY}$openbsd-ipsec-gateway:hypervisor`;
const SHA = "a".repeat(64);

const sources = {
  iso: {
    source: { iso: { generation: 3 } },
    component: "Installation",
    command: "installation",
    triggers: [3, "disk-id"],
    other: { iso: { generation: 4 } },
  },
  image: {
    source: { image: { file: "/nowhere", sha256: SHA } },
    component: "DiskImage",
    command: "image",
    triggers: [SHA, "disk-id"],
    other: { image: { file: "/nowhere", sha256: "b".repeat(64) } },
  },
  disk: {
    source: { disk: { volume: "gw-2", hostKey: "ssh-ed25519 AAAA" } },
    component: "DiskCopy",
    command: "copy",
    triggers: ["gw-2", "kept", "ssh-ed25519 AAAA"],
    other: { disk: { volume: "gw-3", hostKey: "ssh-ed25519 AAAA" } },
  },
} as const;
type Kind = keyof typeof sources;
const kinds = Object.keys(sources) as Kind[];

/** A gateway with the tunnels west, east (route-based, sec3), its own resolver, and an outside interface. */
function state(kind: Kind, doneOn = "system-1"): Record<string, Record<string, unknown>> {
  const { component, command, triggers } = sources[kind];
  const step = (owner: string, name: string, undo?: string) => ({
    [`${GATEWAY}$openbsd-ipsec-gateway:openbsd:${owner}$command:remote:Command::${name}`]: {
      create: `gwctl put\n# ${doneOn}`,
      ...(undo !== undefined && { delete: undo }),
    },
  });
  return {
    [`${HYPERVISOR}:LogicalVolume$libvirt:index/volume:Volume::disk`]: { name: "gw", pool: "vg0" },
    [`${HYPERVISOR}:${component}::${command}`]: { installation: "system-1" },
    [`${HYPERVISOR}:${component}$command:local:Command::${command}`]: { triggers },
    ...step("System", "pf"),
    ...step("System", "resolver", "rcctl enable resolvd"),
    ...step("System", "arm-outside", "ifconfig vio1 down"),
    [`${GATEWAY}$command:remote:Command::certificates`]: {
      create: `gwctl certificates put iked\n# ${doneOn}`,
      delete: "gwctl certificates remove iked",
    },
    ...step("Tunnel", "west", "gwctl tunnel remove west"),
    ...step("Tunnel", "east", "gwctl tunnel remove east"),
    ...step("Tunnel", "east-sec3", "rm /etc/hostname.sec3"),
    [`${GATEWAY}$openbsd-ipsec-gateway:perimeter:PortForward$command:remote:Command::udp-500`]: {
      create: "sh -s apply",
      delete: "sh -s remove",
    },
  };
}

function problems(source: object, outputs: StateOutputs, more: object = {}): string[] {
  return removedTooEarly(
    {
      source,
      machine: { name: "gw" },
      hypervisor: { pool: "vg0" },
      network: { dns: ["192.0.2.53"], inside: [], outside: { interface: "vio1" } },
      ike: { certificates: {} },
      tunnels: [{ name: "west" }],
      ...more,
    } as unknown as StackConfig,
    outputs,
  ).map(({ path, message, fix }) => `${path}: ${message}: ${fix}`);
}

const PATHS: Record<string, string> = {
  resolver: "network.dns",
  certificates: "ike.certificates",
  "arm-outside": "network",
};

const early = (...names: string[]) =>
  names.map(
    (name) =>
      `${PATHS[name] ?? "tunnels"}: ${name} leaves the stack in the update that gives ` +
      "the gateway another system: write it again for this update, and take it out in the next one",
  );

describe.each(kinds)("a gateway from source.%s", (kind) => {
  const { source, other, command, component } = sources[kind];

  it("may lose a tunnel while its system stays", () => {
    expect(problems(source, state(kind))).toEqual([]);
  });

  it("keeps its tunnels while it gets another system", () => {
    expect(problems(other, state(kind))).toEqual(early("east", "east-sec3"));
  });

  it("may get another system with all its tunnels", () => {
    const tunnels = [{ name: "west" }, { name: "east", sec: { unit: 3 } }];
    expect(problems(other, state(kind), { tunnels })).toEqual([]);
  });

  it("keeps the tunnels of a run that ended before the disk was filled", () => {
    const filled = `$command:local:Command::${command}`;
    const ended = Object.entries(state(kind)).filter(([urn]) => !urn.endsWith(filled));
    expect(problems(source, Object.fromEntries(ended))).toEqual(early("east", "east-sec3"));
  });

  it("keeps the tunnels of a run that ended before they were on the new system", () => {
    expect(problems(source, state(kind, "system-0"))).toEqual(early("east", "east-sec3"));
  });

  it("does not guess where an older state says nothing", () => {
    const old = state(kind, "system-0");
    old[`${HYPERVISOR}:${component}::${command}`] = {};
    expect(problems(source, old)).toEqual([]);
  });
});

it("counts a disk of another name or in another pool as another system", () => {
  const { source } = sources.iso;
  const others = [{ machine: { name: "gw2" } }, { hypervisor: { pool: "vg1" } }];
  for (const other of others) {
    expect(problems(source, state("iso"), other)).toEqual(early("east", "east-sec3"));
  }
});

it("counts resolvers, interfaces and certificates that are given back", () => {
  const network = { dns: [], inside: [] };
  const tunnels = [{ name: "west" }, { name: "east", sec: { unit: 3 } }];
  expect(problems(sources.iso.other, state("iso"), { network, tunnels, ike: {} })).toEqual(
    early("resolver", "arm-outside", "certificates"),
  );
});

it("says nothing to a stack that has no gateway yet", () => {
  expect(problems(sources.iso.source, {})).toEqual([]);
});
