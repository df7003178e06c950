import { z } from "zod";

/** A string of one form; `what` and `fix` become the two halves of the error. */
function matching(form: RegExp, what: string, fix: string) {
  return z.string().refine((value) => form.test(value), { params: { what, fix } });
}

const name = (longest: number) =>
  matching(
    new RegExp(`^[a-z][a-z0-9-]{0,${longest - 1}}$`),
    "is not a usable name",
    `write 1 to ${longest} of a-z, 0-9 and "-", starting with a letter`,
  );

/** Printable, no blank, nothing that a shell, XML or URI would read as more than text. */
const text = matching(/^[\x21-\x7e]+$/, "is empty or has blanks", "write it without blanks");

const identifier = matching(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
  "is not a usable name",
  'write up to 63 letters, digits, ".", "_" and "-"',
);

const interfaceName = matching(
  /^[A-Za-z][A-Za-z0-9_.-]{0,14}$/,
  "is not an interface name",
  "write the name the system shows, such as vio0",
);

/** Type and key of an OpenSSH public key, as in known_hosts (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
const publicKey = matching(
  /^(ssh|ecdsa|sk)-[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+=*$/,
  "is not a public host key",
  "write type and key as ssh-keyscan prints them, such as ssh-ed25519 AAAA…",
);

/**
 * An IKE identity: address, FQDN or user@FQDN. isakmpd's FIFO cuts a section name (`id-VALUE`) at
 * 200 characters and ends it at `]` (isakmpd ui.c).
 */
const identity = matching(
  /^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,179}$/,
  "is not an IKE identity",
  "write an address, a host name or user@host name",
);

/** A secret may stand here by mistake, so the message never shows the value. */
const configKey = matching(
  /^[A-Za-z][A-Za-z0-9._-]{0,62}$/,
  "is not the name of a config key",
  "write the key's name, and set the secret with: pulumi config set --secret NAME",
);

const port = z.int().min(1).max(65535);

/** Seconds to keep dialling a host that does not answer, as one that boots. */
const connectTimeout = z.int().min(5).max(3600);

const hypervisor = z.strictObject({
  /** libvirt connection URI. A change moves every resource to that hypervisor. */
  uri: text.meta({ examples: ["qemu:///system"] }),
  /** An existing libvirt pool of type `logical` (= LVM volume group). Never managed by the stack. */
  pool: identifier.meta({ examples: ["vg0"] }),
  /** Bridge on the hypervisor that the gateway's only interface joins. */
  bridge: interfaceName.meta({ examples: ["br0"] }),
  /** `kvm` needs /dev/kvm; `qemu` emulates and is slow. Default kvm. A change replaces the domain. */
  domainType: z.enum(["kvm", "qemu"]).default("kvm"),
  /** Translation buffer of an emulated guest, MiB; without it qemu takes up to 1 GiB. qemu only. */
  tcgBufferMiB: z.int().min(32).max(4096).optional(),
});

const machine = z.strictObject({
  /** Name of the domain, its disk and its forwards. A change replaces the machine. */
  name: name(40).meta({ examples: ["gw"] }),
  /** Memory, MiB. Default 1024. A change replaces the domain; the disk stays. */
  memoryMiB: z.int().min(128).default(1024),
  /** Default 1. A change replaces the domain; the disk stays. */
  vcpus: z.int().min(1).max(64).default(1),
  /** Disk, GiB. Default 20: OpenBSD's own layout plus room for sysupgrade. Never shrinks. */
  diskGiB: z.int().min(1).default(20),
  /** Default: derived from the name, so that DHCP and ARP caches survive a rebuild. */
  mac: matching(
    /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/,
    "is not a unicast MAC address in lower case",
    "write one such as 52:54:00:0a:0a:02",
  ).optional(),
  /** Start the guest when the hypervisor boots. Default true. */
  autostart: z.boolean().default(true),
  /** Refuse to delete or replace disk and machine. Default false; set it in production. */
  protect: z.boolean().default(false),
});

const source = z.strictObject({
  /** A disk image that is written to the disk when it is made. A change replaces the disk. */
  image: z.strictObject({
    /** Path on the machine that runs the stack. */
    file: text.meta({ examples: ["openbsd.img"] }),
    /** SHA-256 of the file, 64 hex digits. Default: not checked. */
    sha256: matching(
      /^[0-9a-f]{64}$/,
      "is not a SHA-256",
      "write 64 hex digits in lower case",
    ).optional(),
  }),
});

const network = z.strictObject({
  /** The guest's interface as OpenBSD names it. Default vio0 (virtio, vio(4)). */
  interface: interfaceName.default("vio0"),
  /** The gateway's own address with the prefix of its network. */
  address: z.string().meta({ examples: ["10.10.0.2/24"] }),
  /** Default router, in that network. */
  gateway: z.string().meta({ examples: ["10.10.0.1"] }),
  /** Resolvers, addresses. Default none. */
  dns: z.array(z.string()).default([]),
  /** The address the peers see: the perimeter's outside address, or the gateway's own. */
  publicAddress: z.string().meta({ examples: ["198.51.100.1"] }),
  /**
   * Whether a NAT stands between the gateway and its peers. Default true. Then both ends put ESP
   * into UDP 4500 (RFC 3947, RFC 7296 2.23) and plain ESP is neither forwarded nor let in.
   */
  behindNat: z.boolean().default(true),
});

const admin = z.strictObject({
  /** Networks that may SSH to the gateway. The machine that runs the stack must be in one. */
  networks: z.array(z.string()).meta({ examples: [["10.10.0.5/32"]] }),
  /** SSH user; gwctl needs root. Default root. */
  user: identifier.default("root"),
  /** SSH port, also opened in pf. Default 22. */
  port: port.default(22),
  /** Private key file. Default: the SSH agent's keys. */
  identityFile: text.optional(),
  /** The gateway's host key. Default: pinned at the first connection. */
  hostKey: publicKey.optional(),
  /** Default 300 s: the first connection waits for a machine that boots. */
  connectTimeout: connectTimeout.default(300),
});

const ike = z.strictObject({
  /** `iked` (IKEv2, default) or `isakmpd` (IKEv1, for peers that know nothing newer). One at a time. */
  daemon: z.enum(["iked", "isakmpd"]).default("iked"),
  /** Seconds of silence before a peer is asked whether it lives. Default 30. */
  deadPeerSeconds: z.int().min(5).max(3600).default(30),
});

const lifetime = z.int().min(120).max(86400);

const phase1 = z.strictObject({
  /** IKE encryption, OpenBSD's full name; see algorithms.ts for what each daemon knows. */
  encryption: z.string().meta({ examples: ["aes-256-gcm"] }),
  /** IKE integrity. Absent exactly when the encryption authenticates by itself (AEAD). */
  integrity: z.string().optional(),
  /** Pseudo-random function. Default, and the only choice in IKEv1 (RFC 2409 4): the integrity. */
  prf: z.string().optional(),
  /** Diffie-Hellman group. */
  group: z.string().meta({ examples: ["ecp384"] }),
  /** Seconds until the IKE SA is made anew. Default 28800 (8 h). isakmpd accepts exactly this. */
  lifetime: lifetime.default(28800),
});

const phase2 = z.strictObject({
  /** ESP encryption, OpenBSD's full name. */
  encryption: z.string().meta({ examples: ["aes-256-gcm"] }),
  /** ESP integrity. Absent exactly when the encryption authenticates by itself (AEAD). */
  integrity: z.string().optional(),
  /** Group for perfect forward secrecy; `none` gives it up. Must equal the peer's. */
  group: z.string().meta({ examples: ["ecp384"] }),
  /** Seconds until the child SA is made anew. Default 3600 (1 h). */
  lifetime: lifetime.default(3600),
});

const tunnel = z.strictObject({
  /** Name of the resource, of the file on the gateway and of the pf tag `vpn-NAME`. */
  name: name(31).meta({ examples: ["west"] }),
  /** The peer's public address. Names are not accepted: pf and the perimeter need the address. */
  peer: z.string().meta({ examples: ["198.51.100.11"] }),
  /** Networks on our side, CIDR. Every local network reaches every remote one of its family. */
  local: z
    .array(z.string())
    .min(1)
    .meta({ examples: [["10.10.0.0/24"]] }),
  /** Networks on the peer's side, CIDR. Never leave the gateway in clear, also when disabled. */
  remote: z
    .array(z.string())
    .min(1)
    .meta({ examples: [["10.20.1.0/24"]] }),
  /** Who we say we are. Default network.publicAddress, which also fits behind a NAT. */
  localId: identity.optional(),
  /** Who the peer must say it is. Default: its address. */
  remoteId: identity.optional(),
  /** `active` starts the negotiation, `passive` waits for the peer. Default active. */
  mode: z.enum(["active", "passive"]).default("active"),
  /** IKE SA. Default: profile `modern` of the daemon (profiles.ts). */
  phase1: phase1.optional(),
  /** Child SA (ESP). Default: profile `modern` of the daemon. */
  phase2: phase2.optional(),
  /** Name of the secret stack config key that holds the pre-shared key. Default: one is generated. */
  psk: configKey.optional(),
  /** A ping that proves the tunnel: from an address in `local` to one in `remote`. */
  probe: z.strictObject({ source: z.string(), target: z.string() }).optional(),
  /** Default true. A disabled tunnel keeps its file, is not loaded, and its networks stay guarded. */
  enabled: z.boolean().default(true),
});

const perimeter = z.strictObject({
  /** How the forwards are made: nftables on the firewall, in a table of the stack's own. */
  driver: z.literal("nftables"),
  /** SSH to the firewall. */
  connection: z.strictObject({
    /** Address or name of the firewall. */
    host: text.meta({ examples: ["10.10.0.1"] }),
    /** Default 22. */
    port: port.default(22),
    /** nft(8) needs root. Default root. */
    user: identifier.default("root"),
    /** Private key file. Default: the SSH agent's keys. */
    identityFile: text.optional(),
    /** The firewall's host key. Default: pinned at the first connection. */
    hostKey: publicKey.optional(),
    /** Default 60 s: the firewall is expected to run already. */
    connectTimeout: connectTimeout.default(60),
  }),
  /** Where the peers' packets arrive: the firewall's interface and its address (= publicAddress). */
  outside: z.strictObject({
    interface: interfaceName.meta({ examples: ["ext0"] }),
    address: z.string().meta({ examples: ["198.51.100.1"] }),
  }),
});

/** The sections of the stack's configuration. Shape only: what values mean together is in rules.ts. */
export const sections = { hypervisor, machine, source, network, admin, ike, perimeter } as const;
export const tunnelSchema = tunnel;

export type Hypervisor = z.output<typeof hypervisor>;
export type Machine = z.output<typeof machine>;
export type Source = z.output<typeof source>;
export type NetworkConfig = z.output<typeof network>;
export type Admin = z.output<typeof admin>;
export type Ike = z.output<typeof ike>;
export type Daemon = Ike["daemon"];
export type Perimeter = z.output<typeof perimeter>;
export type Phase1Declaration = z.output<typeof phase1>;
export type Phase1 = Omit<Phase1Declaration, "prf"> & { readonly prf: string };
export type Phase2 = z.output<typeof phase2>;

/** A tunnel as written, before the defaults that depend on other values. */
export type TunnelDeclaration = z.output<typeof tunnel>;

export interface Tunnel extends Omit<TunnelDeclaration, "phase1" | "phase2"> {
  readonly localId: string;
  readonly remoteId: string;
  readonly phase1: Phase1;
  readonly phase2: Phase2;
}

/** The whole configuration: plain values, every default filled in, no secret. */
export interface StackConfig {
  readonly hypervisor: Hypervisor;
  readonly machine: Machine;
  readonly source: Source;
  readonly network: NetworkConfig;
  readonly admin: Admin;
  readonly ike: Ike;
  readonly tunnels: readonly Tunnel[];
  readonly perimeter?: Perimeter | undefined;
}
