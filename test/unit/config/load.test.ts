import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ConfigError, loadConfig } from "../../../config/load";
import { formatProblem } from "../../../config/problems";
import { edited, load, problemsOf, TODAY, type Values, values, west } from "../support/stack";

const ROOT = join(__dirname, "../../..");

function committed(stack: string): Values {
  const { config } = parse(readFileSync(join(ROOT, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Values;
  };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.replace("openbsd-ipsec-gateway:", ""),
      value,
    ]),
  );
}

function messageOf(all: Values, secrets: Record<string, string> = {}): string {
  try {
    load(all, secrets);
    return "";
  } catch (error) {
    return error instanceof ConfigError ? error.message : String(error);
  }
}

function keysOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => keysOf(inner, `${path}/${key}`));
}

describe("defaults", () => {
  const { config } = load(values());

  it("fill in what is left out", () => {
    expect(config.machine).toEqual({
      name: "gw-test",
      memoryMiB: 1024,
      vcpus: 1,
      diskGiB: 20,
      autostart: true,
      protect: false,
    });
    expect(config.network).toMatchObject({ interface: "vio0", dns: [], behindNat: true });
    expect(config.admin).toMatchObject({ user: "root", port: 22 });
    expect(config.perimeter).toBeUndefined();
  });

  it("are IKEv2 when nothing is said of IKE", () => {
    expect(load(edited({ ike: undefined })).config.ike).toEqual({
      daemon: "iked",
      deadPeerSeconds: 30,
      fragmentation: true,
      profile: "modern",
    });
  });

  it("of the identities are the addresses", () => {
    const all = edited({ "tunnels.0.localId": undefined, "tunnels.0.remoteId": undefined });
    expect(load(all).config.tunnels[0]).toMatchObject({
      localId: "198.51.100.1",
      remoteId: "198.51.100.11",
    });
  });

  it("of the bytes of an SA are fewer where the cipher's blocks have 64 bits", () => {
    const bytesOf = (encryption: string, daemon: string) =>
      load(
        edited({
          "ike.daemon": daemon,
          "tunnels.0.phase2": { encryption, integrity: "hmac-sha2-256", group: "ecp256" },
          "tunnels.0.exception": { reason: "peer is replaced", expires: TODAY },
        }),
      ).config.tunnels[0]?.phase2.bytes;
    expect(bytesOf("aes-256", "iked")).toBe(64 * 2 ** 30);
    expect(bytesOf("3des", "iked")).toBe(2 ** 30);
    expect(bytesOf("3des", "isakmpd")).toBeUndefined();
  });

  it("of the pseudo-random function is the integrity algorithm", () => {
    const phase1 = { encryption: "aes-256", integrity: "hmac-sha2-512", group: "ecp256" };
    const tunnel = load(edited({ "tunnels.0.phase1": phase1 })).config.tunnels[0];
    expect(tunnel?.phase1).toEqual({ ...phase1, prf: "hmac-sha2-512", lifetime: 28800 });
  });

  it.each(["iked", "isakmpd"])("of the algorithms suit %s", (daemon) => {
    expect(problemsOf(edited({ "ike.daemon": daemon }))).toEqual([]);
  });
});

describe("errors", () => {
  it("are reported all at once, of the shape and of the rules, with code, place and fix", () => {
    const all = edited({
      "network.adress": "10.10.0.2/24",
      "machine.memoryMiB": "512",
      "tunnels.0.mode": "activ",
      "tunnels.1.remote": ["10.20.2.7/24"],
      "admin.networks": [],
    });
    expect(messageOf(all).split("\n")).toEqual([
      "5 problems in the stack's configuration",
      "machine.memoryMiB: is a string: write 512 without quotes (GW001)",
      "network.adress: is not a known key: write address (GW001)",
      "tunnels[0].mode: has an unknown value: write active or passive (GW001), tunnel west",
      "tunnels[1].remote[0]: 10.20.2.7/24 has host bits set: write 10.20.2.0/24 (GW010), tunnel east",
      "admin.networks: is empty, so nobody could log in: " +
        "write the network of the machine that runs the stack (GW021)",
    ]);
  });

  it("list the known keys when none is close", () => {
    expect(problemsOf(edited({ "hypervisor.colour": "red" }))).toEqual([
      {
        code: "GW001",
        path: "hypervisor.colour",
        message: "is not a known key",
        fix: "use one of uri, hostKey, pool, mediaPool, bridge, domainType, tcgBufferMiB, xslt",
      },
    ]);
  });

  it.each([
    ["hypervisor.uri", "is missing", "write a string such as qemu:///system"],
    ["hypervisor", "is missing", "write an object"],
    ["source.image.file", "is missing", "write a string such as openbsd.img"],
    ["tunnels", "is missing", "write a list of tunnels, or [] for none"],
    [
      "tunnels.0.remote",
      "is missing",
      'write a list such as ["10.20.1.0/24"], or pairs in place of local and remote',
    ],
  ])("say how to write %s when it is missing", (path, message, fix) => {
    const place = path.replace(".0.", "[0].");
    expect(problemsOf(edited({ [path]: undefined }))).toContainEqual(
      expect.objectContaining({ path: place, message, fix }),
    );
  });

  it.each<[string, unknown, string]>([
    ["tunnels", {}, "is not a list"],
    ["tunnels.0.remote", [], "is empty"],
    [
      "tunnels.0.phase2",
      { encryption: "aes-256", integrity: "hmac-sha2-512", group: "none", lifetime: 1 },
      "too small",
    ],
    ["tunnels.0.name", "West 1", "is not a usable name"],
    ["tunnels.0.name", "a".repeat(32), "is not a usable name"],
    ["tunnels.0.remoteId", 'x" psk "y', "is not an IKE identity"],
    ["machine.name", "gw;reboot", "is not a usable name"],
    ["machine.mac", "53:54:00:00:00:01", "is not a unicast MAC"],
    ["network.interface", "vio 0", "is not an interface name"],
    ["admin.hostKey", "SHA256:abc", "is not a public host key"],
    ["admin.port", 70000, "is too large"],
    ["admin.publicKeys", ["-----BEGIN OPENSSH PRIVATE KEY-----"], "is not an SSH public key"],
    ["source.iso", { release: "7.7" }, "has an unknown value"],
    ["source.iso", { release: "7.9", mirrors: ["ftp://x/"] }, "is not the URL of a mirror"],
    ["source.image.sha256", "abc", "is not a SHA-256"],
    ["ike.deadPeerSeconds", 1.5, "is"],
    ["perimeter", { driver: "iptables" }, "is missing"],
  ])("refuse %s = %j", (path, value, message) => {
    const problems = problemsOf(edited({ [path]: value }));
    expect(problems).toContainEqual(
      expect.objectContaining({
        code: "GW001",
        message: expect.stringContaining(message) as string,
      }),
    );
  });

  it("never show what stands where a secret belongs", () => {
    const secret = "Pl4nted5ecretValue with space";
    for (const [psk, secrets] of [
      ["pskWest", { pskWest: secret }],
      [secret, {}],
      [secret.slice(0, 18), {}],
      [[secret], {}],
    ] as const) {
      const message = messageOf(edited({ "tunnels.0.psk": psk }), secrets);
      expect(message).toContain("tunnels[0].psk");
      expect(message).not.toContain(secret.slice(0, 10));
    }
  });
});

it.each([
  ["network", "network", ""],
  ["ike", "ike", ""],
  ["tunnels.0", "tunnels[0]", ""],
  ["tunnels.0.probe", "tunnels[0].probe", ", tunnel west"],
])("an encrypted %s is one problem, with what to write", (key, path, tunnel) => {
  const all = edited({ [key]: { secure: "v1:kX3:abc" } });
  expect(problemsOf(all).map(formatProblem)).toEqual([
    `${path}: is an encrypted value: write its values, not encrypted: only what psk names is secret, and has a key of its own (GW001)${tunnel}`,
  ]);
});

describe("a key that is not known", () => {
  const paths = (all: Values) => {
    const names = Object.keys(all).map((key) => `gw:${key}`);
    try {
      loadConfig({
        object: (key) => all[key],
        secret: () => "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja",
        keys: { names, namespace: "gw" },
        today: TODAY,
      });
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems.map(({ path }) => path);
      throw error;
    }
  };
  const spoilt = (key: string, as: string, changes: Values = {}) => {
    const all = edited(changes);
    return edited({ [key]: undefined, [as]: all[key] }, all);
  };

  it.each([
    ["a section's", "network", "netwrok"],
    ["a section's that has defaults", "ike", "ikee"],
    ["that of the tunnels", "tunnels", "tunels"],
  ])("is the one problem, also %s", (_, key, as) => {
    expect(paths(spoilt(key, as, { "ike.daemon": "isakmpd" }))).toEqual([as]);
  });

  it("is no secret's that a misshapen tunnel names, whatever is wrong there", () => {
    const secret = { networks: "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja" };
    const psk = { "tunnels.0.psk": "networks" };
    expect(paths(edited({ ...psk, "tunnels.0.mode": 1, ...secret }))).toEqual(["tunnels[0].mode"]);
    expect(paths(edited({ "tunnels.0.pskk": "networks", ...secret }))).toEqual(["tunnels[0].pskk"]);
  });

  it("may have been meant for a key that is left out and could have its value", () => {
    const networks = ["10.20.1.0/24"];
    const all = edited({ "tunnels.0.remote": undefined, "tunnels.0.farSide": networks });
    expect(paths(all)).toEqual(["tunnels[0].farSide"]);
    expect(paths(edited({ "tunnels.0.farSide": networks, "tunnels.0.peer": "x y" }))).toEqual([
      "tunnels[0].farSide",
      "tunnels[0].peer",
    ]);
  });
});

describe("a key of one's own", () => {
  const secret = "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja";

  it("is handed over by the tunnel's name, outside the configuration", () => {
    const stack = load(edited({ "tunnels.1.psk": "pskEast" }), { pskEast: secret });
    expect([...stack.presharedKeys]).toEqual([["east", secret]]);
    expect(JSON.stringify(stack.config)).not.toContain(secret);
  });
});

describe("the committed stacks", () => {
  it.each(["test", "prod"])("%s is accepted, with either daemon", (stack) => {
    expect(problemsOf(committed(stack))).toEqual([]);
    expect(problemsOf(edited({ "ike.daemon": "isakmpd" }, committed(stack)))).toEqual([]);
  });

  it("have the same keys, but that prod needs a proof", () => {
    const { promotion, ...prod } = committed("prod");
    expect(promotion).toEqual({ from: "test", require: "proof" });
    expect(keysOf(prod)).toEqual(keysOf(committed("test")));
  });

  it("differ in name and address, and only production is protected", () => {
    const [test, prod] = [load(committed("test")).config, load(committed("prod")).config];
    expect(prod.machine).toMatchObject({ name: "gw-prod", autostart: true, protect: true });
    expect(test.machine.protect).toBe(false);
    expect(prod.network.address).not.toBe(test.network.address);
    expect(prod.tunnels.map(({ peer }) => peer)).toEqual(test.tunnels.map(({ peer }) => peer));
  });
});

it("knows no tunnels as an empty list", () => {
  expect(load(edited({ tunnels: [] })).config.tunnels).toEqual([]);
  expect(load(edited({ tunnels: [west()] })).config.tunnels).toHaveLength(1);
});

it("knows a section that Pulumi hands over empty as one that is left out", () => {
  const { config } = load(edited({ perimeter: {}, promotion: {} }));
  expect([config.perimeter, config.promotion]).toEqual([undefined, undefined]);
});

describe("tunnelsFile", () => {
  const read = (text: string | undefined) => () =>
    loadConfig({
      object: (key) => (({ ...values(), tunnelsFile: "more.yaml" }) as Values)[key],
      secret: () => undefined,
      today: TODAY,
      file: (path) => (path === "more.yaml" ? text : undefined),
    });

  it("adds its tunnels to those of the stack", () => {
    const text = JSON.stringify([
      {
        ...west(),
        name: "south",
        peer: "198.51.100.13",
        remote: ["10.20.3.0/24"],
        remoteId: "south.example.net",
      },
    ]);
    expect(read(text)().config.tunnels.map(({ name }) => name)).toEqual(["west", "east", "south"]);
  });

  it.each([
    ["a file that cannot be read", undefined, /tunnelsFile: more\.yaml cannot be read/],
    ["a file that is no list", "west: {}", /more\.yaml: is not a list/],
    ["a problem in it, by its place there", "[{ nam: x }]", /more\.yaml\[0\]/],
    [
      "an asterisk before a value, without showing it",
      "- psk: *secret\n",
      /^(?!.*secret).*more\.yaml: line 1 is not YAML: put quotes/s,
    ],
    [
      "what is no YAML, without showing it",
      "- a: 1\n b: secret\n",
      /^(?!.*secret).*more\.yaml: line 2 is not YAML/s,
    ],
  ])("refuses %s", (_, text, message) => {
    expect(read(text)).toThrow(message);
  });
});

describe("a section whose form depends on one key", () => {
  const outside = { interface: "ext0", address: "198.51.100.1" };
  const said = (perimeter: unknown) => problemsOf(edited({ perimeter })).map(formatProblem);

  it("names the choices when none fits", () => {
    expect(said({ outside })).toEqual([
      "perimeter.driver: is missing: write nftables or iptables or pf or manual (GW001)",
    ]);
    expect(said({ driver: "ipchains", outside })).toEqual([
      "perimeter.driver: has the wrong form: write nftables or iptables or pf or manual (GW001)",
    ]);
  });

  it("knows the keys of the chosen form only", () => {
    expect(
      said({ driver: "pf", outside, connection: { host: "10.10.0.1", hostkey: "x" } }),
    ).toEqual(["perimeter.connection.hostkey: is not a known key: write hostKey (GW001)"]);
    expect(said({ driver: "manual", outside, device: "mikrotik", connection: {} })).toEqual([
      "perimeter.connection: is not a known key: use one of driver, outside, forwards, device (GW001)",
    ]);
    expect(said({ driver: "manual", outside })).toEqual([
      "perimeter.device: is missing: write cisco-ios or mikrotik or edgeos or opnsense (GW001)",
    ]);
    expect(said({ driver: "nftables", connection: {} })).toEqual([
      "perimeter.outside: is missing: write an object (GW001)",
      "perimeter.connection.host: is missing: write a string such as 10.10.0.1 (GW001)",
    ]);
  });

  it("says what else may stand for a value of several forms", () => {
    expect(
      said({ driver: "pf", outside, connection: { host: "10.10.0.1" }, routes: "all" }),
    ).toEqual(["perimeter.routes: has the wrong form: write true or a list (GW001)"]);
  });
});

it("says of no exception that it allows nothing, while the key cannot be read", () => {
  const exception = { reason: "the partner keeps its key", expires: "2027-03-31" };
  const all = edited({ "tunnels.0.psk": "old", "tunnels.0.exception": exception });
  const codes = (isUnread: boolean) =>
    loadConfig({
      object: (key) => all[key],
      secret: () => "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja",
      isUnread: () => isUnread,
      today: TODAY,
    }).warnings.map(({ code }) => code);
  expect(codes(true)).not.toContain("GW065");
  expect(codes(false)).toContain("GW065");
});

describe("a list of proposals", () => {
  const first = { encryption: "aes-256-gcm", prf: "hmac-sha2-384", group: "ecp384" };
  const second = { encryption: "aes-256", integrity: "hmac-sha2-256", group: "modp2048" };

  it("is one preferred and older ones; of one entry it is that proposal", () => {
    const [tunnel] = load(edited({ "tunnels.0.phase1": [first, second] })).config.tunnels;
    expect(tunnel?.phase1).toMatchObject(first);
    expect(tunnel?.olderPhase1).toEqual([{ ...second, prf: "hmac-sha2-256", lifetime: 28800 }]);
    const [alone] = load(edited({ "tunnels.0.phase1": [first] })).config.tunnels;
    const [bare] = load(edited({ "tunnels.0.phase1": first })).config.tunnels;
    expect(alone).toEqual(bare);
    expect(alone).not.toHaveProperty("olderPhase1");
  });

  it.each<[unknown, string]>([
    [
      [first, { ...second, grup: "x" }],
      "tunnels[0].phase1[1].grup: is not a known key: write group",
    ],
    [[first, { ...second, group: undefined }], "tunnels[0].phase1[1].group: is missing"],
    [{ ...second, grup: "x" }, "tunnels[0].phase1.grup: is not a known key: write group"],
    ["aes-256", "tunnels[0].phase1: has the wrong form: write an object or a list"],
    [[], "tunnels[0].phase1: is empty: write at least 1 entry"],
  ])("%j: %s", (phase1, says) => {
    const problems = problemsOf(edited({ "tunnels.0.phase1": phase1 }));
    expect(problems.map(formatProblem).join("\n")).toContain(says);
  });
});
