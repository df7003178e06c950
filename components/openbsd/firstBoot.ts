import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { RemoteStep, type HostLifetime } from "./remoteStep";

export interface FirstBootArgs {
  readonly connection: command.types.input.remote.ConnectionArgs;
  readonly lifetime: HostLifetime;
}

const LONGEST_SECONDS = 900;

// sshd runs before /etc/rc ends, and /etc/rc leaves the relinking of the kernel behind in the
// background, during which syspatch(8) refuses to work. Prints the seconds since power-on.
const AWAIT = `set -eu
waited=0
while pgrep -f '^(/bin/)?sh /etc/rc( |$)' >/dev/null || pgrep -f '^/bin/ksh .*reorder_kernel' >/dev/null; do
  [ "$waited" -lt ${LONGEST_SECONDS} ] || {
    echo "the first start did not end within ${LONGEST_SECONDS} s: look at its console: ./scripts/gateway console" >&2
    exit 1
  }
  sleep 1
  waited=$((waited + 1))
done
boot=$(sysctl -n kern.boottime)
echo $(($(date +%s) - \${boot%%.*}))`;

/** Waits until a newly installed system has done everything it does at its first start. */
export class FirstBoot extends pulumi.ComponentResource {
  /** From the kernel's start to here. */
  public readonly seconds: pulumi.Output<number>;
  public readonly ready: pulumi.Resource;

  constructor(name: string, args: FirstBootArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:openbsd:FirstBoot", name, {}, opts);
    const step = new RemoteStep(
      name,
      { ...args, run: AWAIT },
      // Another way to reach it, or another wait, is nothing that happens to a first start.
      { parent: this, ignoreChanges: ["connection", "create"] },
    );
    this.ready = step;
    this.seconds = pulumi.unsecret(step.stdout).apply(Number);
    this.registerOutputs({ seconds: this.seconds });
  }
}
