import { z } from "zod";
import { VENDORS } from "../vendors/names";
import {
  address,
  addressWithPrefix,
  calendarDate,
  configKey,
  identity,
  name,
  networkCidr,
  pem,
  port,
  publicKeyText,
  sentence,
} from "./forms";
import { profileName } from "./ike";
import { phase1Proposals, phase2Proposals, type Phase1, type Phase2 } from "./phases";

/** What is known of the device at the other end: limits of its key, quirks of its selectors. */
export const vendor = z.enum([...VENDORS, "other"]);

const traffic = z
  .strictObject({
    protocol: z.enum(["tcp", "udp", "icmp", "icmp6", "gre"]).meta({ description: "Protocol." }),
    localPort: port.optional().meta({
      description: "Port on our side; tcp and udp only.",
      absent: "any",
    }),
    remotePort: port.optional().meta({
      description: "Port on the peer's side; tcp and udp only.",
      absent: "any",
    }),
  })
  .meta({
    description: "One kind of packets that the traffic selectors let through.",
    examples: [{ protocol: "tcp", remotePort: 443 }],
  });

const trafficList = z.array(traffic).min(1).optional();

const pair = z
  .strictObject({
    local: networkCidr.meta({ description: "Network on our side.", examples: ["10.10.0.0/24"] }),
    remote: networkCidr.meta({
      description: "Network on the peer's side.",
      examples: ["10.20.1.0/24"],
    }),
    traffic: trafficList.meta({
      description: "Only these packets of the pair enter the tunnel.",
      absent: "the tunnel's `traffic`",
    }),
  })
  .meta({
    description: "Two networks that reach each other.",
    examples: [{ local: "10.10.0.0/24", remote: "10.20.1.0/24" }],
  });

const mtu = z.int().min(1280).max(9000).default(1400);

/** What an interface of a tunnel's own has, whatever its driver. */
const interfaceKeys = (driver: "sec" | "gre") => ({
  unit: z
    .int()
    .min(0)
    .max(999)
    .meta({
      description: `N of the interface ${driver}N. Each tunnel has its own.`,
      form: "number",
    }),
  address: addressWithPrefix.meta({
    description: "Our address on the interface.",
    examples: ["169.254.10.2/30"],
  }),
  peerAddress: address.meta({
    description: "The peer's address on it, to which the remote networks are routed.",
    examples: ["169.254.10.1"],
  }),
});

const sec = z
  .strictObject({
    ...interfaceKeys("sec"),
    mtu: mtu.meta({
      description:
        "MTU of the interface. The default is what ESP in UDP over a link of 1492 bytes can carry; sec(4)'s own is 1280.",
      unit: "bytes",
    }),
  })
  .meta({
    description: "The interface of a route-based tunnel (sec(4), OpenBSD 7.4).",
    examples: [{ unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1" }],
  });

const gre = z
  .strictObject({
    ...interfaceKeys("gre"),
    mtu: mtu.meta({
      description:
        "MTU of the interface. With the default nothing is cut into fragments on a link of 1492 bytes; gre(4)'s own is 1476, without ESP.",
      unit: "bytes",
    }),
    routing: z
      .array(z.enum(["bgp", "ospf"]))
      .min(1)
      .optional()
      .meta({
        description:
          "Routing protocols that the two ends may speak over the interface: pf lets them through. The daemon, bgpd(8) or ospfd(8), is yours to set up. The networks of `remote` are routed without it, and nothing else may come or go, whatever it learns.",
        absent: "none",
        examples: [["bgp"]],
      }),
  })
  .meta({
    description: "The interface of a tunnel of kind `gre` (gre(4)).",
    examples: [{ unit: 0, address: "10.255.0.1/30", peerAddress: "10.255.0.2" }],
  });

const group = z
  .strictObject({
    name: name(31).meta({
      description: "What the tunnels to the same networks have in common.",
      examples: ["cloud"],
    }),
    priority: z.int().min(1).max(8).meta({
      description:
        "Place in the group: of the tunnels that are proven, the one with the lowest number carries.",
      form: "number",
    }),
  })
  .meta({
    description: "The tunnels to the same networks of which this is one.",
    examples: [{ name: "cloud", priority: 1 }],
  });

const mapping = z
  .strictObject({
    local: networkCidr.meta({
      description: "One of the tunnel's networks on our side.",
      examples: ["10.10.0.0/24"],
    }),
    as: networkCidr.meta({
      description: "The network of the same size that the peer sees in its place.",
      examples: ["10.99.0.0/24"],
    }),
  })
  .meta({
    description:
      "A network that the peer sees under other addresses, host by host: 10.10.0.7 as 10.99.0.7.",
    examples: [{ local: "10.10.0.0/24", as: "10.99.0.0/24" }],
  });

const nat = z
  .strictObject({
    address: address.optional().meta({
      description: "The one address that the peer sees. Only our side can open connections then.",
      absent: "none",
      examples: ["10.99.0.1"],
    }),
    networks: z
      .array(mapping)
      .min(1)
      .optional()
      .meta({
        description:
          "Networks that the peer sees as others of their size, so both sides can open connections. A network that is not in the list keeps its addresses.",
        absent: "none",
        examples: [[{ local: "10.10.0.0/24", as: "10.99.0.0/24" }]],
      }),
  })
  .meta({
    description:
      "NAT into the tunnel: either `address` or `networks` ([selectors](crypto.md#selectors)).",
    examples: [{ networks: [{ local: "10.10.0.0/24", as: "10.99.0.0/24" }] }],
  });

const exception = z
  .strictObject({
    reason: sentence.meta({ description: "Why, for whoever reads the warning." }),
    expires: calendarDate.meta({
      form: "YYYY-MM-DD",
      description: "The last day (UTC). After it the tunnel is refused.",
    }),
  })
  .meta({
    description:
      "Permission for weak algorithms, an old key or long lifetimes until a day ([exceptions](crypto.md#exceptions)).",
    examples: [{ reason: "the branch's router is replaced in March", expires: "2027-03-31" }],
  });

const probe = z
  .strictObject({
    source: address.meta({ description: "Address of the gateway that lies in a local network." }),
    target: address.meta({
      description: "Host that lies in a remote network and answers pings.",
    }),
  })
  .meta({
    description: "A ping that proves the tunnel.",
    examples: [{ source: "10.10.0.2", target: "10.20.1.100" }],
  });

export const tunnel = z
  .strictObject({
    name: name(31).meta({
      description: "Name of the resource, of the file on the gateway and of the pf tag `vpn-NAME`.",
      change: "makes another tunnel with another generated key, and removes the old one",
      examples: ["west"],
    }),
    peer: address.meta({
      form: "address, host name or `any`",
      description:
        "The peer's public address; a host name, which the gateway looks up and follows ([peers by name](peers.md#peers-by-name)); or `any` for a peer without either, which is known by its `remoteId` and starts the tunnel itself ([peers of any address](peers.md#peers-of-any-address)).",
      examples: ["198.51.100.11", "vpn.example.net"],
    }),
    vendor: vendor.default("other").meta({
      description:
        "The device at the other end. A value that it cannot be configured with is refused ([devices](peers.md#what-the-devices-can-do)). With `auth: certificate` both ends sign as it can ([Cisco IOS](authentication.md#cisco-ios)).",
    }),
    local: z
      .array(networkCidr)
      .min(1)
      .optional()
      .meta({
        description:
          "Networks on our side. Every local network reaches every remote one of its address family.",
        absent: "none; required without `pairs`",
        examples: [["10.10.0.0/24"]],
      }),
    remote: z
      .array(networkCidr)
      .min(1)
      .optional()
      .meta({
        description:
          "Networks on the peer's side. They never leave the gateway in clear, also while the tunnel is down or disabled.",
        absent: "none; required without `pairs`",
        examples: [["10.20.1.0/24"]],
      }),
    pairs: z
      .array(pair)
      .min(1)
      .optional()
      .meta({
        description:
          "In place of `local` and `remote`: the pairs of networks that reach each other, where not all do ([networks](peers.md#which-networks-reach-each-other)).",
        absent: "every local network with every remote one",
        examples: [[{ local: "10.10.0.0/24", remote: "10.20.1.0/24" }]],
      }),
    except: z
      .array(networkCidr)
      .min(1)
      .optional()
      .meta({
        description:
          "With `remote: [0.0.0.0/0]`: networks that stay outside the tunnel, which hosts reach in clear ([everything](peers.md#everything-through-one-tunnel)). The gateway's own networks, the administrators', resolvers and peers are exceptions by themselves.",
        absent: "none but these",
        examples: [["192.0.2.0/24"]],
      }),
    kind: z.enum(["policy", "route", "gre"]).default("policy").meta({
      description:
        "`policy` negotiates the networks themselves. `route` negotiates 0/0, as VTI and cloud gateways want, and routes `remote` into an interface. `gre` routes `remote` into GRE between the two gateways, which IPsec protects in transport mode ([GRE](peers.md#gre)).",
    }),
    sec: sec.optional().meta({
      description: "The interface.",
      absent: "none; required with `kind: route`",
    }),
    gre: gre.optional().meta({
      description: "The interface.",
      absent: "none; required with `kind: gre`",
    }),
    group: group.optional().meta({
      description:
        "Several tunnels with interfaces to the same networks, of which one carries and the others stand by ([groups](peers.md#several-tunnels-to-the-same-networks)).",
      absent: "none: no other tunnel leads to these networks",
      change: "moves routes only: the tunnel keeps its SAs",
    }),
    traffic: trafficList.meta({
      description: "Only these packets enter the tunnel. With iked all of them have one protocol.",
      absent: "everything between the networks",
    }),
    nat: nat.optional().meta({
      description:
        "Under which addresses our networks appear to the peer ([selectors](crypto.md#selectors)).",
      absent: "none",
    }),
    localId: identity.optional().meta({
      description:
        "IKE identity that we send: an address, a host name, user@host or, with iked, a distinguished name ([identities](crypto.md#identities)).",
      absent: "`network.publicAddress`",
    }),
    remoteId: identity.optional().meta({
      description: "IKE identity that the peer must send.",
      absent: "`peer`; required with `peer: any`",
    }),
    mode: z.enum(["active", "passive"]).default("active").meta({
      description: "`active` starts the negotiation. `passive` waits for the peer.",
    }),
    profile: profileName.optional().meta({
      description: "Named set of algorithms ([profiles](crypto.md#profiles)).",
      absent: "`ike.profile`",
    }),
    phase1: phase1Proposals.optional().meta({
      description:
        "Algorithms of the IKE SA, in place of the profile's; with iked also a list, of which the peer may choose ([proposals](crypto.md#proposals-in-transition)).",
      absent: "the profile's",
    }),
    phase2: phase2Proposals.optional().meta({
      description:
        "Algorithms of the child SA, in place of the profile's; with iked also a list, of which the peer may choose ([proposals](crypto.md#proposals-in-transition)).",
      absent: "the profile's",
    }),
    exception: exception.optional().meta({
      description:
        "Allows algorithms weaker than profile `compat`, a key of another form or long lifetimes, for a time.",
      absent: "none",
    }),
    auth: z.enum(["psk", "publickey", "certificate"]).default("psk").meta({
      description:
        "How the two ends prove who they are ([authentication](authentication.md)). `psk` is a key that both have. With `publickey` each signs with a private key of its own, which never leaves it, and knows the other's public key. With `certificate` an authority that both believe has signed whose key it is.",
      change: "takes the tunnel down until the peer authenticates in the same way",
    }),
    peerKey: publicKeyText.optional().meta({
      description:
        "The peer's public key, with `auth: publickey`: what `openssl pkey -in KEY -pubout` prints. RSA of 2048 to 8192 bits, with iked also ECDSA of P-256, P-384 and P-521.",
      absent: "none; required with `auth: publickey`",
      change: "holds from the next authentication on: what is up stays up",
    }),
    peerRequest: pem.optional().meta({
      description:
        "The peer's request for a certificate (CSR), PEM, which the authority that the stack keeps signs: what `openssl req -new` prints. Its key is taken of it, and the name from `remoteId`.",
      absent: "none; required with `auth: certificate` and `ike.certificates.authority`",
      change: "signs another certificate for the peer: what is up stays up",
    }),
    psk: configKey.optional().meta({
      description:
        "Name of the secret config key that holds the pre-shared key ([forms](crypto.md#pre-shared-keys)). Set it with `pulumi config set --secret NAME`.",
      absent: "with `auth: psk` a key is generated",
      change: "takes the tunnel down until the peer has the same key",
    }),
    pskGeneration: z.int().min(1).max(1_000_000).default(1).meta({
      description: "Number of the generated key. A higher one makes a new key.",
      form: "number",
      change: "takes the tunnel down until the peer has the new key",
    }),
    probe: probe.optional().meta({
      description:
        "A ping that proves the tunnel, and that the watchdog goes by ([states](operations.md#what-the-states-mean)).",
      absent: "none: the tunnel is proven by other traffic only, and not watched",
    }),
    watchdog: z.boolean().default(true).meta({
      description: "Whether the gateway resets the tunnel when the probe stays unanswered.",
    }),
    enabled: z.boolean().default(true).meta({
      description:
        "A disabled tunnel keeps its file, is not loaded, and its remote networks stay blocked.",
      change: "to `false` ends the tunnel's SAs",
    }),
  })
  .meta({
    description:
      "One tunnel to one peer. A changed tunnel is negotiated anew; the others keep their SAs.",
    examples: [
      {
        name: "west",
        peer: "198.51.100.11",
        local: ["10.10.0.0/24"],
        remote: ["10.20.1.0/24"],
        localId: "gw.example.net",
        remoteId: "west.example.net",
        probe: { source: "10.10.0.2", target: "10.20.1.100" },
      },
    ],
  });

/** The keys `tunnels` and `tunnelsFile`, which tunnelList.ts reads: each tunnel is checked by itself. */
export const tunnelKeys = {
  tunnels: z.array(tunnel).meta({
    description: "The tunnels. Write `[]` for none: a misspelt key must not remove all of them.",
  }),
  tunnelsFile: z.string().optional().meta({
    form: "path",
    description:
      "YAML file with a list of more tunnels. Pulumi hands a program at most 128 KiB of configuration, which is some 200 tunnels. Secrets stay in the stack's configuration.",
    absent: "none",
  }),
};

export type Traffic = z.output<typeof traffic>;
export type Nat = z.output<typeof nat>;
export type Pair = z.output<typeof pair>;
export type Sec = z.output<typeof sec>;
export type Gre = z.output<typeof gre>;
export type Group = z.output<typeof group>;

/** A tunnel as written, before the defaults that depend on other values. */
export type TunnelDeclaration = z.output<typeof tunnel>;

/** What of a declaration its pairs are made of: nothing else may derive from these. */
type Networks = "local" | "remote" | "pairs" | "traffic";

export interface Tunnel extends Omit<
  TunnelDeclaration,
  "phase1" | "phase2" | "profile" | Networks
> {
  /** What reaches what, each with all that it carries: pairs.ts makes the lists of one side from it. */
  readonly pairs: readonly Pair[];
  readonly localId: string;
  readonly remoteId: string;
  readonly profile: z.output<typeof profileName>;
  /** The preferred proposal. */
  readonly phase1: Phase1;
  readonly phase2: Phase2;
  /** Further proposals, in their order; absent: none. They are to go. */
  readonly olderPhase1?: readonly Phase1[];
  readonly olderPhase2?: readonly Phase2[];
}
