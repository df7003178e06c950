import * as pulumi from "@pulumi/pulumi";
import { withholdAnswers } from "./components/debugMessages";
import { Gateway } from "./components/gateway";
import { keepForNewSystem } from "./components/newSystem";
import { provable, requireProof, warnOfCanary } from "./components/proof";
import { readStack } from "./components/stackConfig";
import { ikeVersion } from "./config/describe";
import { addressOf } from "./config/net";

/** A function, because the proof is asked for before the first resource. */
export = async () => {
  withholdAnswers();
  const values = new pulumi.Config();
  const stack = readStack(values);
  const { config } = stack;
  const proof = values.getObject<object>("proof");
  await warnOfCanary();
  await requireProof(config);
  await keepForNewSystem(config);
  const built = new Gateway("gateway", stack);

  return {
    /**
     * Who and where the gateway is, and how the operator's commands log in; hostKey is what every
     * SSH connection to it is pinned to.
     */
    gateway: {
      name: config.machine.name,
      address: addressOf(config.network.address),
      publicAddress: config.network.publicAddress,
      hostKey: built.hostKey,
      daemon: config.ike.daemon,
      ikeVersion: ikeVersion(config.ike.daemon),
      interface: config.network.interface,
      behindNat: config.network.behindNat,
      ssh: {
        user: config.admin.user,
        port: config.admin.port,
        ...(config.admin.identityFile !== undefined && { identityFile: config.admin.identityFile }),
        ...(config.admin.proxy && { proxy: { ...config.admin.proxy, hostKey: built.jumpKey } }),
      },
    },

    /** One entry per declared tunnel, with every default filled in. */
    tunnels: built.tunnels,

    /** The machines around the gateway: forwards, routes, and how to reach them. */
    perimeter: built.perimeter,

    /** Errata, as of the last time their step ran; absent with system.patches: off. */
    ...(built.patches && { patches: built.patches }),

    /** How long the installation took, in seconds, and where its console's words are. */
    ...(built.installation && { installation: built.installation }),

    /** Secret: the preshared keys by tunnel name, to hand to the other side. */
    presharedKeys: built.presharedKeys,

    /** Secret: what is on the gateway now, in hashes, for `gateway drift`. */
    applied: built.applied,

    /** What a proof of this stack says, and the last one that was recorded (docs/promotion.md). */
    provable: provable(config),
    ...(proof !== undefined && { proof }),
  };
};
