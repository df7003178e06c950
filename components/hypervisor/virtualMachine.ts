import * as command from "@pulumi/command";
import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";

export interface VirtualMachineArgs {
  /** libvirt connection URI. */
  readonly uri: string;
  /** Name of the domain. A change replaces it; the disk stays. */
  readonly name: string;
  readonly domainType: "kvm" | "qemu";
  readonly memoryMiB: number;
  readonly vcpus: number;
  readonly volumeId: pulumi.Input<string>;
  readonly bridge: string;
  /** MAC address, lower case with colons. */
  readonly mac: string;
  readonly autostart: boolean;
  readonly protect: boolean;
  /** XSLT for what the provider's schema lacks. */
  readonly xslt: string;
  /** Identity of what is on the disk. A change replaces the domain, before the disk is written. */
  readonly installation: pulumi.Input<string>;
}

const SHUTDOWN_SECONDS = 60;

// A machine that is already off, or gone, is what was asked for.
const SHUTDOWN = `set -eu
state() { virsh -q -c "$LIBVIRT_URI" domstate "$DOMAIN" 2>/dev/null || echo gone; }
virsh -q -c "$LIBVIRT_URI" shutdown --mode acpi "$DOMAIN" 2>/dev/null || exit 0
waited=0
while [ "$(state)" = running ] && [ "$waited" -lt ${SHUTDOWN_SECONDS} ]; do
  sleep 1
  waited=$((waited + 1))
done
[ "$(state)" != running ] || echo "$DOMAIN did not shut down within ${SHUTDOWN_SECONDS} s: it will be powered off" >&2`;

/** The KVM/libvirt domain of the gateway: q35, virtio disk and NIC, serial console, no video. */
export class VirtualMachine extends pulumi.ComponentResource {
  public readonly domain: libvirt.Domain;

  constructor(name: string, args: VirtualMachineArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:hypervisor:VirtualMachine", name, {}, opts);
    this.domain = this.createDomain(name, args);
    this.shutDownGracefully(name, args);
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
        networkInterfaces: [{ bridge: args.bridge, mac: args.mac.toUpperCase() }],
        consoles: [{ type: "pty", targetType: "serial", targetPort: "0" }],
        qemuAgent: false,
        xml: { xslt: args.xslt },
      },
      {
        parent: this,
        protect: args.protect,
        // The provider reports a changed list of disks as updated, but changes nothing.
        replaceOnChanges: ["disks"],
        deleteBeforeReplace: true,
      },
    );
  }

  // Deleting the domain pulls its plug; this goes first and presses the power button.
  private shutDownGracefully(name: string, args: VirtualMachineArgs): void {
    new command.local.Command(
      `${name}-shutdown`,
      {
        delete: SHUTDOWN,
        environment: { LIBVIRT_URI: args.uri, DOMAIN: args.name },
        triggers: [this.domain.id],
        addPreviousOutputInEnv: false,
      },
      { parent: this, dependsOn: this.domain, deleteBeforeReplace: true },
    );
  }
}
