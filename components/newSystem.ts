import * as pulumi from "@pulumi/pulumi";
import { ConfigError, type Problem } from "../config/load";
import type { StackConfig } from "../config/schema";
import { tunnelInterface } from "../config/tunnelInterface";
import { copyMarks } from "./hypervisor/diskCopy";
import { sha256OfFile } from "./hypervisor/diskImage";
import { armStep, removableArms } from "./openbsd/arms";
import { CERTIFICATES } from "./openbsd/certificates";
import { RESOLVER } from "./openbsd/mirror";
import { interfaceStep, peerKeyStep } from "./openbsd/tunnel";

/** Outputs of every resource in the state, by URN. */
export type StateOutputs = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Asks the state, before any resource is registered, whether something leaves the stack that was done
 * on another system than the gateway has after the update. Pulumi undoes it last, with the host key of
 * the system where it was done, and fails.
 * @throws RunError that names what has to stay for this update
 */
export async function keepForNewSystem(config: StackConfig): Promise<void> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { outputs = {} } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
    stackName,
  })) as { outputs?: Record<string, { outputs: StateOutputs[string] }> };
  const state = Object.entries(outputs).map(([urn, resource]) => [urn, resource.outputs] as const);
  const problems = removedTooEarly(config, Object.fromEntries(state));
  if (problems.length > 0) throw new pulumi.RunError(new ConfigError(problems).message);
}

/** Where steps that are of no tunnel are declared. */
const PLACES: Readonly<Record<string, string>> = {
  [RESOLVER]: "network.dns",
  [CERTIFICATES]: "ike.certificates",
};

/** One problem for each step that leaves the stack and was not done on the system that will be there. */
export function removedTooEarly(config: StackConfig, state: StateOutputs): Problem[] {
  const kept = new Set([
    ...(config.network.dns.length > 0 ? [RESOLVER] : []),
    ...removableArms(config).map(armStep),
    ...(config.ike.certificates ? [CERTIFICATES] : []),
    ...config.tunnels.flatMap((tunnel) => {
      const { name, auth } = tunnel;
      const own = tunnelInterface(tunnel);
      return [
        name,
        ...(own ? [interfaceStep(name, own)] : []),
        ...(auth === "publickey" ? [peerKeyStep(name)] : []),
      ];
    }),
  ]);
  const removed = Object.entries(state)
    .filter(([urn, { delete: undo }]) => isStepOnGateway(urn) && typeof undo === "string")
    .map(([urn, { create }]) => ({
      name: nameOf(urn),
      ofTunnel: urn.includes("openbsd:Tunnel$"),
      system: String(create).split("\n# ").at(-1),
    }))
    .filter(({ name }) => !kept.has(name));
  if (removed.length === 0) return [];
  const system = isWrittenAnew(config, state) ? "" : writtenSystem(state);
  // States from before it was recorded do not tell.
  if (system === undefined) return [];
  return removed
    .filter((step) => step.system !== system)
    .map(({ name, ofTunnel }) => ({
      code: "GW148",
      path: ofTunnel ? "tunnels" : (PLACES[name] ?? "network"),
      message: `${name} leaves the stack in the update that gives the gateway another system`,
      fix: "write it again for this update, and take it out in the next one",
    }));
}

/** Whether the update fills the disk; also when a run ended before it was filled. */
function isWrittenAnew(config: StackConfig, state: StateOutputs): boolean {
  const { source, machine, hypervisor } = config;
  if (source.disk) return !isMarked(state, "copy", copyMarks(source.disk));
  const volume = find(state, "libvirt:index/volume:Volume::disk");
  if (volume?.name !== machine.name || volume.pool !== hypervisor.pool) return true;
  if (source.iso) return !isMarked(state, "installation", [source.iso.generation]);
  const { file = "", sha256 } = source.image ?? {};
  return !isMarked(state, "image", [sha256 ?? sha256OfFile(file)]);
}

/** Whether a command that fills disks ran for these; what else it watches follows from the volume. */
function isMarked(state: StateOutputs, name: string, marks: readonly unknown[]): boolean {
  const triggers = find(state, `command:local:Command::${name}`)?.triggers;
  return Array.isArray(triggers) && marks.every((mark, index) => triggers[index] === mark);
}

/** Identity of what is on the disk, as the steps on it were told. */
function writtenSystem(state: StateOutputs): string | undefined {
  const filled = /\$openbsd-ipsec-gateway:hypervisor:(Installation|DiskImage|DiskCopy)::/;
  const urn = Object.keys(state).find((one) => filled.test(one));
  const installation = urn === undefined ? undefined : state[urn]?.installation;
  return typeof installation === "string" ? installation : undefined;
}

function find(state: StateOutputs, end: string): StateOutputs[string] | undefined {
  return Object.entries(state).find(([urn]) => urn.endsWith(`$${end}`))?.[1];
}

/** The gateway's own steps, by what they are part of: beside the certificates stand steps on the perimeter. */
const isStepOnGateway = (urn: string): boolean =>
  /\$openbsd-ipsec-gateway:openbsd:.*\$command:remote:Command::/.test(urn) ||
  urn.endsWith(`:Gateway$command:remote:Command::${CERTIFICATES}`);

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;
