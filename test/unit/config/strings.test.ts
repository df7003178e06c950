import type { z } from "zod";
import { ConfigError } from "../../../config/problems";
import { sections, tunnelSchema } from "../../../config/schema";
import { newKey, request } from "../support/certificates";
import { AUTHORITY, OWN, REVOKED } from "../support/fixedCertificates";
import { P256 } from "../support/publicKeys";
import { east, edited, load, values, type Values, west } from "../support/stack";

/** What no value should be able to say to a shell, a file, a terminal or another program. */
const HOSTILE: Readonly<Record<string, (honest: string) => string>> = {
  nothing: () => "",
  blanks: () => "  ",
  "a second line": (honest) => `${honest}\npass quick all`,
  "a carriage return": (honest) => `${honest}\rhidden`,
  "a NUL": (honest) => `${honest}\0.cut`,
  "an escape sequence": (honest) => `${honest}\u001b]0;title\u0007`,
  "an 8-bit control sequence": (honest) => `${honest}\u009b31m`,
  "text from right to left": (honest) => `${honest}\u202etxt`,
  "a line separator": (honest) => `${honest}\u2028next`,
  "letters that are not ASCII": (honest) => `${honest}\u0430`,
  "a command substitution": (honest) => `${honest}$(id)`,
  "an environment variable": (honest) => `${honest}\${HOME}`,
  backquotes: (honest) => `${honest}\`id\``,
  "a quote": (honest) => `${honest}" x="`,
  "an apostrophe": (honest) => `${honest}'; id; '`,
  "a second command": (honest) => `${honest};id`,
  "a pipe": (honest) => `${honest}|id`,
  "a second word": (honest) => `${honest} all`,
  "a comment": (honest) => `${honest} # rest`,
  "an option": () => "-oProxyCommand=id",
  "a directory above": (honest) => `../../${honest}`,
  "a token of ssh": (honest) => `${honest}%h`,
  markup: (honest) => `${honest}</name><x>`,
  braces: (honest) => `{ ${honest}, any }`,
  "an assignment": (honest) => `${honest}=x`,
  "very much": (honest) => `${honest}${"9".repeat(70_000)}`,
};

/** What no text at all may have. */
const BINARY = [
  "a carriage return",
  "a NUL",
  "an escape sequence",
  "an 8-bit control sequence",
  "text from right to left",
  "a line separator",
  "letters that are not ASCII",
  "very much",
];

const PATH_WORDS = [
  "letters that are not ASCII",
  "a command substitution",
  "backquotes",
  "a quote",
  "an apostrophe",
  "a second command",
  "a pipe",
  "a second word",
  "a comment",
  "a directory above",
  "a token of ssh",
  "markup",
  "braces",
  "an assignment",
];

/** Rules of pf.conf(5) are lines of words; which of them do harm is for the rules about pfRules. */
const RULES = Object.keys(HOSTILE).filter((what) => !BINARY.includes(what));

/** A sentence that only people read, on one line. */
const REASON = [
  ...RULES.filter((what) => !["nothing", "blanks", "a second line"].includes(what)),
  "letters that are not ASCII",
];

/** Honest values that look hostile, and where. All else is refused everywhere. */
const HONEST: Readonly<Record<string, readonly string[]>> = {
  // Paths on the operator's machine (test/contract/sshWords.test.ts).
  "admin.identityFile": PATH_WORDS,
  "admin.proxy.identityFile": PATH_WORDS,
  "perimeter.connection.identityFile": PATH_WORDS,
  "perimeter.connection.proxy.identityFile": PATH_WORDS,
  "lan.routes[].connection.identityFile": PATH_WORDS,
  "lan.routes[].connection.proxy.identityFile": PATH_WORDS,
  "hypervisor.xslt": PATH_WORDS,
  "source.image.file": PATH_WORDS,
  "source.iso.file": PATH_WORDS,
  "source.iso.signature": PATH_WORDS,
  "source.iso.key": PATH_WORDS,
  // A comment behind the key, and options before it, which sshd(8) reads.
  "admin.publicKeys[]": ["a second word", "a comment"],
  // A branch: vim%1.2 (pkg_add(1)).
  "system.packages[]": ["a token of ssh"],
  "system.pfRules": RULES,
  "tunnels[].exception.reason": REASON,
};

/** Every place where the schema takes a string; `[]` for an entry, `{}` for a name of a record. */
function strings(schema: z.ZodType, path: string): string[] {
  const { def } = schema as unknown as { def: Record<string, unknown> & { type: string } };
  const inner = (key: string, at = path) => strings(def[key] as z.ZodType, at);
  switch (def.type) {
    case "string":
      return [path];
    case "object":
      return Object.entries(def.shape as Record<string, z.ZodType>).flatMap(([key, value]) =>
        strings(value, `${path}.${key}`),
      );
    case "array":
      return inner("element", `${path}[]`);
    case "record":
      return [...inner("keyType", `${path}{}`), ...inner("valueType", `${path}.*`)];
    case "union":
      return (def.options as z.ZodType[]).flatMap((option) => strings(option, path));
    case "optional":
    case "default":
    case "prefault":
      return inner("innerType");
    case "pipe":
      return [...inner("in"), ...inner("out")];
    case "enum":
    case "literal":
    case "boolean":
    case "number":
    case "int":
    case "transform":
      return [];
    default:
      throw new Error(`${path}: the schema has a ${def.type}: say here which strings it takes`);
  }
}

const schemaStrings = [
  ...Object.entries(sections).flatMap(([key, schema]) => strings(schema, key)),
  ...strings(tunnelSchema, "tunnels[]"),
];

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDzYv1Xr5pM2Vw7mZ1m9n0aTz8Q1r6kq2WcVb4gN0fXx";
const jump = { host: "jump.example.net", user: "root", identityFile: "jump/key", hostKey: KEY };
const connection = {
  ...{ host: "fw.example.net", user: "root", identityFile: "fw/key", hostKey: KEY },
  proxy: jump,
};
const SUM = "0123456789abcdef".repeat(4);

const PSK = "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja";

/** Declarations that are right, and that together have a string in every place. */
const DECLARATIONS: readonly Values[] = [
  {
    ...values(),
    hypervisor: { uri: "qemu:///system", pool: "vg0", mediaPool: "media", bridge: "br0" },
    machine: { name: "gw", mac: "52:54:00:0a:0a:02" },
    source: {
      iso: { release: "7.9", file: "install79.iso", signature: "SHA256.sig", key: "own.pub" },
    },
    network: {
      ...{ interface: "vio0", address: "10.10.0.2/24", gateway: "10.10.0.1" },
      ...{ dns: ["10.10.0.1"], publicAddress: "198.51.100.1" },
    },
    admin: {
      ...{ networks: ["10.10.0.254/32"], user: "root", identityFile: "admin/key" },
      ...{ publicKeys: [KEY], hostKey: KEY, proxy: jump },
      sshd: { allowUsers: ["root"], listen: ["10.10.0.2"] },
    },
    system: {
      ...{ packages: ["vim"], installurl: "https://cdn.openbsd.org/pub/OpenBSD" },
      ...{ sysctls: { "net.inet.tcp.rfc1323": "x1" } },
      ...{ patches: "apply", rebootWindow: "02:00-04:30" },
      pfRules: "pass quick inet proto icmp\n",
    },
    perimeter: {
      ...{ driver: "nftables", connection },
      outside: { interface: "ext0", address: "198.51.100.1" },
      ...{ forwards: [{ name: "udp-500", sources: ["198.51.100.0/24"] }] },
      routes: ["10.20.1.0/24"],
    },
    lan: { routes: [{ name: "files", connection, networks: ["10.20.1.0/24"] }] },
    promotion: { from: "test" },
    tunnels: [
      {
        ...west(),
        ...{ psk: "westPsk", probe: { source: "10.10.0.2", target: "10.20.1.100" } },
        exception: { reason: "an old peer", expires: "2026-12-31" },
        phase1: {
          ...{ encryption: "aes-256", integrity: "hmac-sha2-256" },
          ...{ prf: "hmac-sha2-256", group: "ecp384" },
        },
        phase2: { encryption: "aes-256", integrity: "hmac-sha2-256", group: "ecp384" },
      },
    ],
  },
  {
    ...values(),
    hypervisor: { uri: "qemu+ssh://hv1/system", pool: "vg0", bridge: "br0", hostKey: KEY },
    source: {
      disk: {
        ...{ volume: "gw-copy", sha256: SUM, hostKey: KEY },
        from: { uri: "qemu:///system", pool: "vg1", volume: "gw-sealed" },
      },
    },
    admin: { networks: ["10.10.0.254/32"], publicKeys: [KEY] },
    tunnels: [
      {
        ...west(),
        kind: "route",
        local: ["10.10.0.0/24"],
        sec: { unit: 1, address: "169.254.10.2/30", peerAddress: "169.254.10.1" },
      },
    ],
  },
  {
    ...values(),
    source: { image: { file: "openbsd.img", sha256: SUM } },
    tunnels: [
      { ...west(), nat: { address: "10.99.0.1" } },
      {
        ...east(),
        auth: "publickey",
        peerKey: P256,
        nat: { networks: [{ local: "10.10.0.0/24", as: "10.98.0.0/24" }] },
      },
    ],
  },
  {
    ...values(),
    tunnels: [west(), { ...west(), name: "west-2", remoteId: "west-2.example.net" }].map(
      (tunnel, unit) => ({
        ...tunnel,
        kind: "route",
        sec: { unit, address: `169.254.1${unit}.2/30`, peerAddress: `169.254.1${unit}.1` },
        probe: { source: `169.254.1${unit}.2`, target: `169.254.1${unit}.1` },
        group: { name: "cloud", priority: unit + 1 },
      }),
    ),
  },
  {
    ...edited({ "network.publicAddress": "10.10.0.2", "network.behindNat": false }, values()),
    tunnels: [
      {
        ...west(),
        kind: "gre",
        gre: { unit: 0, address: "10.255.0.1/30", peerAddress: "10.255.0.2", routing: ["bgp"] },
      },
    ],
  },
  {
    ...values(),
    tunnels: [{ ...west(), remote: ["0.0.0.0/0"], except: ["192.0.2.0/24"], probe: undefined }],
  },
  {
    ...values(),
    ike: { certificates: { ca: AUTHORITY, own: OWN, crl: REVOKED } },
    tunnels: [{ ...west(), auth: "certificate" }],
  },
  {
    ...values(),
    ike: {
      certificates: {
        authority: {
          names: ["example.net"],
          revoked: [{ serial: `4${"0".repeat(31)}`, since: "2026-11-01" }],
        },
      },
    },
    tunnels: [{ ...west(), auth: "certificate", peerRequest: request(newKey().secret) }],
  },
  {
    ...values(),
    hypervisor: { uri: "qemu:///system", pool: "vg0", mediaPool: "media", bridge: "br0" },
    source: { iso: { release: "7.9", mirrors: ["https://cdn.openbsd.org/pub/OpenBSD"] } },
    admin: { networks: ["10.10.0.254/32"], publicKeys: [KEY] },
    tunnels: [
      {
        ...west(),
        phase1: [
          { encryption: "aes-256-gcm", prf: "hmac-sha2-384", group: "ecp384" },
          { encryption: "aes-256", integrity: "hmac-sha2-256", group: "modp2048" },
        ],
        phase2: [
          { encryption: "aes-256-gcm", group: "ecp384" },
          { encryption: "aes-256", integrity: "hmac-sha2-256", group: "modp2048" },
        ],
      },
    ],
  },
  {
    ...values(),
    hypervisor: {
      ...{ uri: "qemu:///system", pool: "vg0", mediaPool: "media", bridge: "br0" },
      xslt: "machine.xsl",
    },
    network: {
      ...{ interface: "vio0", address: "10.10.0.2/24", gateway: "198.51.100.254" },
      ...{ publicAddress: "198.51.100.3", behindNat: false },
      ...{ aliases: ["10.10.0.3"], internet: ["10.10.0.0/24"] },
      outside: {
        ...{ interface: "vlan10", address: "198.51.100.3/24", aliases: ["198.51.100.4"] },
        vlan: { tag: 10, parent: "vio1" },
      },
      inside: [
        { name: "trunk", interface: "vio1", bridge: "br-trunk", mac: "52:54:00:0a:0a:03" },
        {
          ...{ name: "dmz", interface: "vlan20", address: "10.30.0.1/24" },
          ...{ aliases: ["10.30.0.2"], vlan: { tag: 20, parent: "vio1" } },
        },
      ],
    },
    tunnels: [
      {
        ...{ name: "west", peer: "198.51.100.11", remoteId: "west.example.net" },
        ...{ localId: "gw.example.net" },
        pairs: [{ local: "10.10.0.0/24", remote: "10.20.1.0/24" }],
      },
    ],
  },
  {
    ...values(),
    network: {
      ...{ interface: "vio0", address: "10.10.0.2/24", gateway: "198.51.100.254" },
      ...{ publicAddress: "198.51.100.3", behindNat: false },
      outside: {
        ...{ interface: "vio1", address: "198.51.100.3/24" },
        ...{ bridge: "br-wan", mac: "52:54:00:0a:0a:03" },
      },
    },
  },
];

interface Place {
  readonly declaration: number;
  /** As the schema's places are called. */
  readonly name: string;
  readonly honest: string;
  /** The declaration with another text there. */
  readonly having: (text: string) => Values;
}

function places(declaration: number): Place[] {
  const root = DECLARATIONS[declaration] ?? {};
  const found: Place[] = [];
  const visit = (value: unknown, name: string, keys: readonly (string | number)[]): void => {
    if (typeof value === "string") {
      const having = (text: string): Values => {
        const copy = structuredClone(root);
        const above = keys
          .slice(0, -1)
          .reduce<unknown>((at, key) => Reflect.get(at as object, key) as unknown, copy);
        Reflect.set(above as object, keys.at(-1) ?? "", text);
        return copy;
      };
      found.push({ declaration, name, honest: value, having });
    } else if (Array.isArray(value)) {
      value.forEach((entry, index) => {
        visit(entry, `${name}[]`, [...keys, index]);
      });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, entry] of Object.entries(value)) {
        if (name !== "system.sysctls") visit(entry, name ? `${name}.${key}` : key, [...keys, key]);
        else {
          visit(entry, `${name}.*`, [...keys, key]);
          const having = (text: string): Values => {
            const system = { ...(root.system as Values), sysctls: { [text]: entry as unknown } };
            return { ...root, system };
          };
          found.push({ declaration, name: `${name}{}`, honest: key, having });
        }
      }
    }
  };
  visit(root, "", []);
  return found;
}

const known = new Set(schemaStrings);
const allPlaces = DECLARATIONS.flatMap((_, index) => places(index)).filter(({ name }) =>
  known.has(name),
);

test.each(DECLARATIONS.map((declaration, index): [number, Values] => [index, declaration]))(
  "declaration %i is right",
  (_, declaration) => {
    expect(() => load(declaration, { westPsk: PSK })).not.toThrow();
  },
);

test("every string of the schema is in a declaration", () => {
  const covered = new Set(allPlaces.map(({ name }) => name));
  expect([...known].filter((name) => !covered.has(name))).toEqual([]);
  expect(known.size).toBeGreaterThan(80);
});

function accepted({ having, honest }: Place, hostile: (honest: string) => string): boolean {
  try {
    load(having(hostile(honest)), { westPsk: PSK });
    return true;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // What is refused may be shown, but does nothing to the terminal it is shown on.
    expect(error.message).not.toMatch(/[^\P{Cc}\n]|[\u2028\u202e]/u);
    expect(error.message.length).toBeLessThan(5000);
    return false;
  }
}

test.each([...known].map((name) => [name]))("%s takes no hostile text", (name) => {
  const place = allPlaces.find((one) => one.name === name);
  if (place === undefined) throw new Error("is in no declaration");
  const taken = Object.keys(HOSTILE).filter((what) => accepted(place, HOSTILE[what] ?? String));
  const expected = HONEST[name] ?? [];
  if (name === "system.pfRules") expect(expected).toEqual(expect.arrayContaining(taken));
  else expect(taken.sort()).toEqual([...expected].sort());
});
