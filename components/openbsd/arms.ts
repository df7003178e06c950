import type * as pulumi from "@pulumi/pulumi";
import { type Arm, armsOf, isFirst, isTwoArmed } from "../../config/arms";
import type { StackConfig } from "../../config/schema";
import { hostnameArm } from "../../render/hostnameIf";
import { lines } from "../../render/text";
import { GWCTL } from "./gwctlScript";
import { file, type ManagedFile, type StepContext } from "./step";

/** The name of an arm's step, which stays when its address moves to another interface. */
export function armStep({ name }: Pick<Arm, "name">): string {
  return `arm-${name}`;
}

/** The arms whose step takes the interface away when the declaration does. */
export function removableArms({ network }: StackConfig): Arm[] {
  return isTwoArmed(network) ? armsOf(network).filter((arm) => !isFirst(arm)) : [];
}

/**
 * The interfaces of a gateway that has more than one, and its default route: one after the other, as a VLAN
 * needs its parent, and a route the interface of its router. None for a gateway with one arm, whose interface is
 * the installer's.
 */
export function arms(
  context: StepContext,
  config: StackConfig,
  after: readonly pulumi.Resource[],
): ManagedFile[] {
  const { network } = config;
  if (!isTwoArmed(network)) return [];
  const cardsFirst = [...armsOf(network)].sort(
    (a, b) => Number(a.vlan !== undefined) - Number(b.vlan !== undefined),
  );
  const made: ManagedFile[] = [];
  const last = () => made.at(-1)?.steps ?? after;
  for (const arm of cardsFirst) {
    made.push(
      file(context, armStep(arm), {
        after: last(),
        path: `/etc/hostname.${arm.interface}`,
        mode: "0640",
        activate: `${GWCTL} arm ${arm.interface}`,
        text: hostnameArm(arm),
        ...(!isFirst(arm) && { undo: `${GWCTL} arm remove ${arm.interface}` }),
      }),
    );
  }
  made.push(
    file(context, "mygate", {
      after: last(),
      path: "/etc/mygate",
      mode: "0644",
      activate: `${GWCTL} gate`,
      text: lines(network.gateway),
    }),
  );
  return made;
}
