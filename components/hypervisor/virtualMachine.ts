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

// By the domain's id: run again after a killed run, it must not find the machine that came after. One
// that is already off, or gone, is what was asked for.
const TAKE_AWAY = `set -eu
state() { virsh -q -c "$LIBVIRT_URI" domstate "$DOMAIN" 2>/dev/null || echo gone; }
[ "$(state)" != gone ] || exit 0
if virsh -q -c "$LIBVIRT_URI" shutdown --mode acpi "$DOMAIN" 2>/dev/null; then
  waited=0
  while [ "$(state)" = running ] && [ "$waited" -lt ${SHUTDOWN_SECONDS} ]; do
    sleep 1
    waited=$((waited + 1))
  done
  if [ "$(state)" = running ]; then
    echo "it did not shut down within ${SHUTDOWN_SECONDS} s: it is powered off" >&2
    virsh -q -c "$LIBVIRT_URI" destroy "$DOMAIN"
  fi
fi
[ "$(state)" = gone ] || virsh -q -c "$LIBVIRT_URI" undefine --managed-save --snapshots-metadata --nvram "$DOMAIN"`;

/** The KVM/libvirt domain of the gateway: q35, virtio disk and NIC, serial console, no video. */
export class VirtualMachine extends pulumi.ComponentResource {
  public readonly domain: libvirt.Domain;

  constructor(name: string, args: VirtualMachineArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:hypervisor:VirtualMachine", name, {}, opts);
    this.domain = this.createDomain(name, args);
    this.takeAwayGracefully(name, args);
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
        // The step below does it.
        retainOnDelete: true,
      },
    );
  }

  // The provider would pull the plug, and fail when the machine is gone already: after a run that was
  // killed, Pulumi deletes once more what it was about to replace.
  private takeAwayGracefully(name: string, args: VirtualMachineArgs): void {
    new command.local.Command(
      `${name}-shutdown`,
      {
        delete: TAKE_AWAY,
        environment: { LIBVIRT_URI: args.uri, DOMAIN: this.domain.id },
        triggers: [this.domain.id],
        addPreviousOutputInEnv: false,
      },
      { parent: this, dependsOn: this.domain, deleteBeforeReplace: true },
    );
  }
}
