import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import type { StackConfig } from "../config/schema";
import { virshVariables } from "../hypervisor/script";
import { AuthorityKey } from "./authority/authorityKey";
import { REFUSE_WHILE_PROTECTED } from "./hypervisor/machineRemoval";

/** Every resource that the program registers from here on. */
export class Registered {
  private readonly resources: pulumi.Resource[] = [];

  constructor() {
    pulumi.runtime.registerStackTransformation(({ resource }) => {
      this.resources.push(resource);
      return undefined;
    });
  }

  public all(): readonly pulumi.Resource[] {
    return [...this.resources];
  }
}

/**
 * Keeps what depends on nothing from being deleted: `pulumi destroy` begins with what nothing depends
 * on, and `destroy --exclude-protected` leaves only what a protected resource depends on. So one
 * protected resource that depends on all the others holds them all, and is the first that a `destroy`
 * fails at. The others stay as they are for `pulumi up`: a tunnel that leaves the values is removed
 * with its key, which Pulumi would refuse if each of them were protected.
 *
 * Keys have a guard of their own, which is there as soon as they are: also after a first update that
 * did not end.
 */
export function protectStack(
  { hypervisor, machine }: StackConfig,
  domain: pulumi.Input<string>,
  registered: Registered,
): void {
  const { protect } = machine;
  const all = registered.all();
  new Keys("keys", {
    protect,
    dependsOn: all.filter(
      (resource) => resource instanceof RandomPassword || resource instanceof AuthorityKey,
    ),
  });
  new command.local.Command(
    "protection",
    {
      delete: REFUSE_WHILE_PROTECTED,
      environment: { ...virshVariables(hypervisor), DOMAIN: domain },
      addPreviousOutputInEnv: false,
    },
    { protect, dependsOn: all.map(itself) },
  );
}

/**
 * The generated preshared keys, and those of the stack's authorities: what is lost with one is a tunnel whose peer
 * knows another key, and all peers that believe the authority.
 */
class Keys extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:index:Keys", name, {}, opts);
    this.registerOutputs();
  }
}

/** A dependency on a component is one on its children to Pulumi, and on nothing if it has none. */
function itself({ urn }: pulumi.Resource): pulumi.Output<pulumi.Resource> {
  return urn.apply((name) => new pulumi.DependencyResource(name));
}
