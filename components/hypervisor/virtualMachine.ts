import * as command from "@pulumi/command";
import * as libvirt from "@pulumi/libvirt";
import type { Declared } from "../../hypervisor/connection";
import * as pulumi from "@pulumi/pulumi";
import { newMark } from "../newMark";
import { virshVariables } from "../../hypervisor/script";
import type { Card } from "../../render/domainFacts";
import { MARK, REMOVE_MACHINE } from "./machineRemoval";

export interface VirtualMachineArgs {
  readonly hypervisor: Declared;
  /** Name of the domain. A change replaces it; the disk stays. */
  readonly name: string;
  readonly domainType: "kvm" | "qemu";
  readonly memoryMiB: number;
  readonly vcpus: number;
  readonly volumeId: pulumi.Input<string>;
  /** In the order in which the guest numbers them. A change replaces the domain. */
  readonly cards: readonly Card[];
  readonly autostart: boolean;
  readonly protect: boolean;
  /** The word by which libvirt knows it as protected, where it does. */
  readonly mark?: string | undefined;
  /** XSLT for what the provider's schema lacks. */
  readonly xslt: string;
  /** Identity of what is on the disk. A change replaces the domain, before the disk is written. */
  readonly installation: pulumi.Input<string>;
}

/** The KVM/libvirt domain of the gateway: q35, virtio disk and network cards, serial console, no video. */
export class VirtualMachine extends pulumi.ComponentResource {
  public readonly domain: libvirt.Domain;

  constructor(name: string, args: VirtualMachineArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:hypervisor:VirtualMachine", name, {}, opts);
    this.domain = this.createDomain(name, args);
    this.removeGracefully(name, args);
    this.registerOutputs({ name: args.name });
  }

  private createDomain(name: string, args: VirtualMachineArgs): libvirt.Domain {
    return new libvirt.Domain(
      name,
      {
        name: args.name,
        description: pulumi.interpolate`installation ${args.installation}`,
        type: args.domainType,
        machine: "q35",
        cpu: { mode: args.domainType === "kvm" ? "host-model" : "maximum" },
        memory: args.memoryMiB,
        vcpu: args.vcpus,
        autostart: args.autostart,
        running: true,
        disks: [{ volumeId: args.volumeId }],
        networkInterfaces: args.cards.map(({ bridge, mac }) => ({
          bridge,
          mac: mac.toUpperCase(),
        })),
        consoles: [{ type: "pty", targetType: "serial", targetPort: "0" }],
        qemuAgent: false,
        xml: { xslt: args.xslt },
      },
      {
        parent: this,
        protect: args.protect,
        // The provider reports a changed list of disks or network cards as updated, but changes nothing.
        replaceOnChanges: ["disks", "networkInterfaces"],
        deleteBeforeReplace: true,
        // The step below does it.
        retainOnDelete: true,
      },
    );
  }

  // The provider would pull the plug, and fail when the machine is gone already: after a run that was
  // killed, Pulumi deletes once more what it was about to replace. This is what takes the machine away,
  // so it is what has to be protected; the domain alone is retained in any case.
  private removeGracefully(name: string, args: VirtualMachineArgs): void {
    new command.local.Command(
      `${name}-shutdown`,
      {
        create: MARK,
        delete: REMOVE_MACHINE,
        environment: {
          ...virshVariables(args.hypervisor),
          DOMAIN: this.domain.id,
          // A new value where the mark was removed by hand, so that this command runs and sets it again.
          PROTECTED: args.protect ? (args.mark ?? newMark()) : "",
        },
        triggers: [this.domain.id],
        addPreviousOutputInEnv: false,
      },
      {
        parent: this,
        dependsOn: this.domain,
        protect: args.protect,
        deleteBeforeReplace: true,
      },
    );
  }
}
