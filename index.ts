import * as pulumi from "@pulumi/pulumi";
import { Gateway } from "./components/gateway";
import { readStack } from "./components/stackConfig";
import { addressOf } from "./config/net";
import { ikeVersion } from "./config/describe";

const stack = readStack(new pulumi.Config());
const { config } = stack;
const built = new Gateway("gateway", stack);

/**
 * Who and where the gateway is, and how the operator's commands log in; hostKey is what every SSH
 * connection to it is pinned to.
 */
export const gateway = {
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
  },
};

/** One entry per declared tunnel, with every default filled in. */
export const tunnels = built.tunnels;

/** Errata, as of the last time their step ran; absent with system.patches: off. */
export const patches = built.patches;

/** Secret: the preshared keys by tunnel name, to hand to the other side. */
export const presharedKeys = built.presharedKeys;
