import { GIB } from "../../../config/units";
import { randomUUID } from "node:crypto";
import { askUntil } from "../../askUntil";
import { macAddress } from "../../../hypervisor/macAddress";
import { isTwoArmed } from "../../../config/arms";
import { addressOf } from "../../../config/net";
import type { StackConfig } from "../../../config/schema";
import { Refusal, type Io } from "../../command";
import { virsh, VirshFailed } from "../../../hypervisor/virsh";
import { runRemote } from "../../ssh/connection";
import { Unreachable } from "../../ssh/failure";
import { gatewayTarget } from "../../ssh/target";
import type { GatewayOutput } from "../../../contract/stackOutputs";
import type { Step } from "../gate";
import { adopt } from "./adopt";
import { adoptedDefinition, define, type Definition } from "./definition";
import type { Disk } from "../../../contract/libvirt";
import { isNoDomain } from "../../../hypervisor/domain";
import { readDisk } from "../../../hypervisor/copy/disk";
import { sizeOf } from "../../../hypervisor/volumes";
import { identityOf } from "./identityOf";
import { copyState, takenOver } from "./receipt";
import { sealOf } from "./steps";
import { diskOf, valuesOf } from "./values";

const START_SECONDS = 600;

/**
 * `promote --copy --xml-only`: the second gateway as a disk and a defined machine, for a hypervisor
 * whose owner does not use Pulumi. The values are the second stack's file; it is not deployed.
 */
export function xmlOnlySteps(
  from: string,
  to: string,
  confirm: () => Promise<string>,
  io: Io,
): Step[] {
  const { signal } = io;
  const [source, target] = [valuesOf(from), valuesOf(to)];
  oneArmed(target);
  const { name } = target.machine;
  const disk = { ...diskOf(target), volume: name };
  let definition: Definition | undefined;
  let sealed: { disk: Disk; sha256: string } | undefined;
  let hostKey = "";
  return [
    {
      title: `change ${source.machine.name}'s definition for ${target.hypervisor.uri}`,
      run: async () => {
        proxyOf(target);
        await mustBeNew(target, name);
        const machine = adopted(target, disk);
        const where = { uri: source.hypervisor.uri, domain: source.machine.name };
        definition = await adoptedDefinition(where, { uri: disk.uri, machine }, signal);
        io.out(definition.difference);
        return "valid, and the hypervisor can run it";
      },
    },
    { title: `confirm ${to}`, run: confirm },
    {
      title: `seal a copy of ${from}'s disk`,
      run: async () => {
        sealed = (await begun(source, disk, io)) ?? (await sealOf(from, io));
        return `${sealed.disk.volume}, SHA-256 ${sealed.sha256}`;
      },
    },
    {
      title: `copy it to ${disk.volume}`,
      run: async () => {
        if (!sealed) throw new Error("nothing is sealed");
        const { hypervisor, machine } = target;
        const { domainType, tcgBufferMiB } = hypervisor;
        const made = await adopt(
          {
            from: sealed.disk,
            sha256: sealed.sha256,
            to: disk,
            bytes: machine.diskGiB * GIB,
            machine: { domainType, memoryMiB: machine.memoryMiB, tcgBufferMiB },
            identity: identityOf(target),
          },
          io,
        );
        hostKey = made.hostKey;
        return `${made.moved} of ${made.bytes} bytes crossed`;
      },
    },
    {
      title: `define and start ${name}`,
      run: async () => {
        await define(disk.uri, name, definition?.xml ?? "");
        if (target.machine.autostart) await virsh(disk.uri, "autostart", "--domain", name);
        await virsh(disk.uri, "start", "--domain", name);
        await takenOver(disk);
        return "started";
      },
    },
    {
      title: `wait for ${name} on SSH`,
      run: async () => {
        await answers(target, hostKey, signal);
        io.out(`${hostKey}\n`);
        return "answers, with the key that it printed on its console";
      },
    },
  ];
}

/** Its definition has one network card, and the files of the others come from a stack. */
function oneArmed({ machine, network }: StackConfig): void {
  if (!isTwoArmed(network)) return;
  throw new Refusal(
    `${machine.name}: --xml-only makes a machine with one network card, and network.inside or outside declares more: ` +
      "nothing was touched: promote without --xml-only",
  );
}

async function mustBeNew({ hypervisor }: StackConfig, name: string): Promise<void> {
  try {
    await virsh(hypervisor.uri, "domstate", "--domain", name);
  } catch (error) {
    if (isNoDomain(error)) return;
    throw error instanceof VirshFailed ? new Refusal(`${name}: ${error.message}`) : error;
  }
  throw new Refusal(
    `${name}: there is a machine of this name at ${hypervisor.uri}: nothing was touched: choose another machine.name`,
  );
}

function adopted({ hypervisor, machine }: StackConfig, { pool, volume }: Disk) {
  return {
    name: machine.name,
    uuid: randomUUID(),
    domainType: hypervisor.domainType,
    memoryMiB: machine.memoryMiB,
    vcpus: machine.vcpus,
    disk: { pool, volume },
    bridge: hypervisor.bridge,
    mac: machine.mac ?? macAddress(machine.name),
  };
}

/** The sealed disk of a run that was cut off, by what the unfinished copy says of itself. */
async function begun(
  source: StackConfig,
  disk: Disk,
  { signal }: Io,
): Promise<{ disk: Disk; sha256: string } | undefined> {
  if ((await sizeOf(disk)) === undefined) return undefined;
  const copy = await copyState(disk, signal);
  if (copy === undefined) return undefined;
  const from = { ...diskOf(source), volume: copy.of };
  const size = await sizeOf(from);
  return size === undefined
    ? undefined
    : { disk: from, sha256: await readDisk(from, size, { signal }) };
}

/** The host before it, as an output of a stack would name it. There is no state that has its key. */
export function proxyOf({ admin }: StackConfig): GatewayOutput["ssh"]["proxy"] {
  if (admin.proxy === undefined) return undefined;
  const { hostKey, ...rest } = admin.proxy;
  if (hostKey === undefined) {
    throw new Refusal(
      "admin.proxy.hostKey: is missing: a stack pins it at its first connection, but none is deployed " +
        "here: write the line of the host's /etc/ssh/ssh_host_ed25519_key.pub",
    );
  }
  return { ...rest, hostKey };
}

async function answers(target: StackConfig, hostKey: string, signal: AbortSignal): Promise<void> {
  const { admin, machine, network } = target;
  const { user, port, identityFile } = admin;
  const proxy = proxyOf(target);
  const gateway = gatewayTarget({
    name: machine.name,
    address: addressOf(network.address),
    hostKey,
    ssh: {
      user,
      port,
      ...(identityFile !== undefined && { identityFile }),
      ...(proxy && { proxy }),
    },
  });
  const failure = await askUntil(
    async () => {
      try {
        await runRemote(gateway, "true", { signal });
        return undefined;
      } catch (error) {
        if (error instanceof Unreachable) return error;
        throw error;
      }
    },
    (unreachable) => unreachable === undefined,
    { milliseconds: START_SECONDS * 1000, every: 2000, signal },
  );
  if (failure) throw failure;
}
