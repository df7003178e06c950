import * as pulumi from "@pulumi/pulumi";
import { describeCertificates } from "./components/describeCertificates";
import { withholdAnswers } from "./components/debugMessages";
import { Gateway } from "./components/gateway";
import { type Exported, present } from "./components/exported";
import { keepForNewSystem } from "./components/newSystem";
import { protectStack, Registered } from "./components/protection";
import { provable, requireProof, warnOfCanary } from "./components/proof";
import { readStack } from "./components/stackConfig";
import { ikeVersion } from "./config/ikeVersion";
import { outsideInterface } from "./config/arms";
import { addressOf } from "./config/net";
import type { Proof } from "./contract/proof";
import type { WrittenOutputs } from "./contract/stackOutputs";
import type { Complete } from "./contract/types";

/**
 * A function, because the proof is asked for before the first resource. What each output holds stands
 * in contract/stackOutputs.ts.
 */
export = async () => {
  withholdAnswers();
  const registered = new Registered();
  const values = new pulumi.Config();
  const stack = readStack(values);
  const { config } = stack;
  const proof = values.getObject<Complete<Proof>>("proof");
  // The engine's version takes a process, which runs while resources are registered.
  const current = provable(config);
  await warnOfCanary();
  await requireProof(config, current);
  await keepForNewSystem(config);
  const built = new Gateway("gateway", stack);
  protectStack(config, built.domain.id, registered);

  const { admin, machine, network, ike } = config;
  const { user, port, identityFile, proxy } = admin;
  const outputs: Exported<WrittenOutputs> = {
    gateway: {
      name: machine.name,
      address: addressOf(network.address),
      publicAddress: network.publicAddress,
      hostKey: built.hostKey,
      daemon: ike.daemon,
      ikeVersion: ikeVersion(ike.daemon),
      deadPeerSeconds: ike.deadPeerSeconds,
      interface: outsideInterface(network),
      outsideAddress: network.outside && addressOf(network.outside.address),
      behindNat: network.behindNat,
      ssh: {
        user,
        port,
        identityFile,
        proxy: proxy && {
          host: proxy.host,
          port: proxy.port,
          user: proxy.user,
          identityFile: proxy.identityFile,
          hostKey: built.jumpKey ?? pulumi.output(""),
        },
      },
    },
    tunnels: built.tunnels,
    perimeter: built.perimeter,
    patches: built.patches,
    installation: built.installation,
    publicKey: built.publicKey,
    certificateRequest: built.certificateRequest,
    certificates: built.certificates?.apply(describeCertificates),
    presharedKeys: built.presharedKeys,
    applied: built.applied,
    provable: pulumi.output(current),
    proof,
  };
  return present(outputs);
};
