import { createHash, createPublicKey, X509Certificate } from "node:crypto";
import type { Applied } from "../../contract/applied";
import type { CertificatesOutput } from "../../contract/stackOutputs";
import { json } from "../../operate/json";
import { document } from "../unit/support/documents";
import {
  AUTHORITY,
  OWN,
  REVOKED,
  RSA_MIDDLE,
  RSA_OWN,
  RSA_ROOT,
} from "../unit/support/fixedCertificates";
import { newKey, request } from "../unit/support/certificates";
import { P256 } from "../unit/support/publicKeys";
import {
  authorityKey,
  GATEWAY_REQUEST,
  type Program,
  type Registered,
  runProgram,
  stackValues,
  tunnels,
  unwrap,
} from "./support/program";

const PLANTED = "PlantedKey0f3Zq8Lw2Rt7Yb5Nc9Xd1Ve6Mh4Js";

describe("the test stack", () => {
  let program: Program;

  beforeAll(async () => {
    const values = stackValues("test");
    tunnels(values)
      .find(({ name }) => name === "east")
      ?.set("psk", "eastKey");
    program = await runProgram(values, { eastKey: PLANTED });
  });

  // Logical names are an API: a renamed resource is a replaced resource.
  it("registers exactly these resources", () => {
    expect(inventory(program)).toMatchSnapshot();
  });

  it("hands every preshared key over on standard input only, as a secret", () => {
    for (const key of [PLANTED, "generatedByRandomPassword-west-psk"]) {
      const holders = program.resources.flatMap(({ name, inputs }) =>
        Object.entries(inputs)
          .filter(([, value]) => JSON.stringify(value).includes(key))
          .map(([input, value]) => `${name}.${input} ${unwrap(value).secret ? "secret" : "plain"}`),
      );
      expect(holders).toEqual([key === PLANTED ? "east.stdin secret" : "west.stdin secret"]);
    }
  });

  it("makes no key for a tunnel that brings its own", () => {
    expect(named(program, "random:index/randomPassword:RandomPassword")).toEqual(["west-psk"]);
  });

  it("pins the host key on every connection but the one that learns it", () => {
    for (const { name, inputs } of commands(program)) {
      const connection = unwrap(inputs.connection).value as Record<string, unknown>;
      expect([name, connection.hostKey]).toEqual([
        name,
        name.endsWith("-host-key") ? undefined : "ssh-ed25519 AAAAhostkey",
      ]);
    }
  });

  it("gives gwctl the length of every payload", () => {
    const sizes = commands(program).flatMap(({ name, inputs }) => {
      const create = String(unwrap(inputs.create).value);
      const text = unwrap(inputs.stdin).value;
      if (!create.startsWith("/usr/local/sbin/gwctl ") || text === "") return [];
      const size = /^\S+ --bytes (\d+) /.exec(create)?.[1];
      return [[name, Number(size), Buffer.byteLength(String(text))] as const];
    });
    expect(sizes.map(([name]) => name)).toEqual(
      expect.arrayContaining(["pf", "pf-settled", "enc0", "services", "ike", "west", "packages"]),
    );
    for (const [name, told, sent] of sizes) expect([name, told]).toEqual([name, sent]);
    expect(unwrap(one(program, "west").inputs.create).secret).toBe(false);
  });

  it("logs no command's output and puts none into an environment", () => {
    for (const { inputs } of commands(program)) {
      expect(inputs).toMatchObject({ logging: "none", addPreviousOutputInEnv: false });
    }
  });

  it("gives the installer its plan on standard input, and nothing secret", () => {
    const stdin = (name: string) => JSON.parse(String(one(program, name).inputs.stdin)) as object;
    expect(stdin("media")).toMatchSnapshot();
    expect(stdin("installation")).toMatchSnapshot();
  });

  it("installs anew for a new generation or disk only, and never by an update", () => {
    expect(one(program, "installation").inputs).toMatchObject({
      triggers: [1, "disk-id"],
      update: expect.stringMatching(/^printf /) as string,
    });
    expect(one(program, "media").inputs).toMatchObject({ triggers: [1, "disk-id"] });
  });

  // Replaced, Pulumi would undo the old one last: on the new system, and with it the new one.
  it("never replaces a step that can be undone, also not for a new installation", () => {
    const steps = commands(program).filter(({ inputs }) => inputs.delete !== undefined);
    expect(steps.map(({ name }) => name)).toEqual(expect.arrayContaining(["west", "east"]));
    for (const { inputs } of steps) {
      expect(inputs.triggers ?? []).not.toContain("installation-id, generation 1");
    }
    expect(one(program, "west").inputs.create).toMatch(/\n# installation-id, generation 1$/);
    expect(one(program, "gwctl").inputs.triggers).toEqual(["installation-id, generation 1"]);
  });

  // Its text alone may be the one that was confirmed before: going back to it turns on what was off.
  it("confirms and settles anew whatever was loaded, and takes no other word from the gateway", () => {
    const create = (name: string) => String(one(program, name).inputs.create);
    expect(create("pf-confirm")).toMatch(/confirm 60\n# trial 4711\.1764000000$/);
    expect(create("pf-settled")).toMatch(/settle\n# trial 4711\.1764000000 4712\.1764000009$/);
    expect(create("sshd-confirm")).toMatch(/confirm 60\n# trial 1\.2$/);
    expect(create("pfuser-settled")).toMatch(/settle\n# trial$/);
  });

  it("leaves an installed gateway's medium and installation as they are", async () => {
    const again = await runProgram(stackValues("test"), {}, true);
    expect(one(again, "media").ignoreChanges).toContain("stdin");
    expect(one(again, "installation").ignoreChanges).toContain("stdin");
    expect(one(program, "media").ignoreChanges).toEqual([]);
  });

  it("exports what the other side and the operator need, with the keys apart", () => {
    const { presharedKeys, provable, applied, ...rest } = program.outputs;
    expect(provable).toEqual({ shape: SHA256, code: SHA256, source: "OpenBSD 7.9" });
    expect(JSON.stringify(applied)).not.toContain(PLANTED);
    expect(JSON.stringify(rest)).not.toContain(PLANTED);
    expect(presharedKeys).toEqual({ west: "generatedByRandomPassword-west-psk", east: PLANTED });
    // The test's own key file is in a new folder each time.
    const stable = JSON.stringify(rest).replaceAll(/"[^"]*\/stack-\w+\//g, '"');
    expect(JSON.parse(stable)).toMatchSnapshot();
  });
});

describe("the outputs", () => {
  it.each<[string, (values: ReturnType<typeof stackValues>) => void]>([
    ["of an installed gateway", () => undefined],
    [
      "of a firewall that the stack does not drive",
      (values) => {
        values["openbsd-ipsec-gateway:perimeter"] = {
          driver: "manual",
          device: "opnsense",
          outside: { interface: "ext0", address: "198.51.100.1" },
        };
      },
    ],
  ])("%s are read with nothing dropped", async (_, change) => {
    const values = stackValues("test");
    change(values);
    values["openbsd-ipsec-gateway:proof"] = { shape: "s", code: "c", source: "i", at: AT };
    const warned = jest.spyOn(console, "warn").mockReturnValue();
    const { outputs } = await runProgram(values);
    expect(warned.mock.calls).toEqual([]);
    const exported = document("stack-outputs", json<object>(outputs));
    expect(exported).toMatchObject({ proof: { at: AT }, perimeter: {}, tunnels: [{}, {}] });
  });
});

const AT = "2026-11-23T10:00:00.000Z";
const SHA256: unknown = expect.stringMatching(/^[0-9a-f]{64}$/);

describe("the generation of a generated key", () => {
  const keepers = async (generation?: number) => {
    const values = stackValues("test");
    if (generation !== undefined) tunnels(values)[0]?.set("pskGeneration", generation);
    const { resources } = await runProgram(values);
    return resources
      .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
      .map(({ name, inputs }) => [name, inputs.keepers])
      .sort();
  };

  it("renews that key alone, and keeps the keys of stacks from before generations", async () => {
    expect(await keepers()).toEqual([
      ["east-psk", undefined],
      ["west-psk", undefined],
    ]);
    expect(await keepers(2)).toEqual([
      ["east-psk", undefined],
      ["west-psk", { generation: "2" }],
    ]);
  });
});

describe("a tunnel with public keys", () => {
  it("has the peer's key there before its file, no secret of its own, and the gateway's key as an output", async () => {
    const values = stackValues("test");
    const [west] = tunnels(values);
    west?.set("auth", "publickey");
    west?.set("peerKey", P256);
    const program = await runProgram(values);
    const key = one(program, "west-peer-key").inputs;
    expect(key.create).toMatch(/gwctl --bytes 178 peerkey put iked fqdn\/west\.example\.net\n#/);
    expect(key.delete).toMatch(/gwctl peerkey remove iked fqdn\/west\.example\.net$/);
    expect(key.stdin).toBe(P256);
    // Another identity's key is another file: the old one goes where it is.
    expect(key.triggers).toEqual(["/etc/iked/pubkeys/fqdn/west.example.net"]);
    const order = program.resources.map(({ name }) => name);
    expect(order.indexOf("west-peer-key")).toBeLessThan(order.lastIndexOf("west"));
    expect(unwrap(one(program, "west").inputs.stdin)).toEqual({
      secret: false,
      value: expect.stringMatching(/^(?![^]*psk)[^]*\trfc7427 /m) as string,
    });
    expect(named(program, "random:index/randomPassword:RandomPassword")).toEqual(["east-psk"]);
    expect(Object.keys(program.outputs.presharedKeys as object)).toEqual(["east"]);
    expect(one(program, "public-key").inputs.create).toBe("/usr/local/sbin/gwctl key iked");
    expect(program.outputs.publicKey).toBe("what public-key said\n");
    const { ownKey, tunnels: applied } = program.outputs.applied as Applied;
    expect(ownKey).toMatchObject({ daemon: "iked", sha256: hash("what public-key said\n") });
    expect(applied[0]?.files.map(({ path }) => path)).toContain(
      "/etc/iked/pubkeys/fqdn/west.example.net",
    );
  });

  it("is nothing that the stacks without one know of", async () => {
    const program = await runProgram(stackValues("test"));
    expect(inventory(program).join("\n")).not.toMatch(/public-key|peer-key/);
    expect(program.outputs).not.toHaveProperty("publicKey");
  });
});

describe("a tunnel with certificates", () => {
  const certified = (certificates?: object) => {
    const values = stackValues("test");
    const [west] = tunnels(values);
    west?.set("auth", "certificate");
    if (certificates === undefined) west?.set("enabled", false);
    const key = "openbsd-ipsec-gateway:ike";
    values[key] = { ...(values[key] as object), ...(certificates && { certificates }) };
    return values;
  };

  it("has a request for the gateway's before there is one, and no secret", async () => {
    const program = await runProgram(certified());
    const request = one(program, "certificate-request").inputs;
    expect(request.create).toMatch(/gwctl --bytes 48 request iked$/);
    expect(request.stdin).toBe("/CN=gw-test.example.net\nDNS:gw-test.example.net\n");
    expect(program.outputs.certificateRequest).toBe(GATEWAY_REQUEST);
    expect(program.outputs).not.toHaveProperty("certificates");
    expect(named(program, "command:remote:Command")).not.toContain("certificates");
    expect(Object.keys(program.outputs.presharedKeys as object)).toEqual(["east"]);
  });

  it("has all of them on the gateway in one step, before its file", async () => {
    const program = await runProgram(certified({ ca: AUTHORITY, own: OWN, crl: REVOKED }));
    const step = one(program, "certificates").inputs;
    expect(step.create).toMatch(/gwctl --bytes \d+ certificates put iked\n#/);
    expect(step.delete).toMatch(/gwctl certificates remove iked$/);
    expect(step.stdin).toBe(`# ca\n${AUTHORITY}# crls\n${REVOKED}# certs\n${OWN}`);
    const order = program.resources.map(({ name }) => name);
    expect(order.indexOf("certificates")).toBeLessThan(order.lastIndexOf("west"));
    const ending = { ends: "2036-01-01T00:00:00Z", issuer: "/O=Example/CN=authority" };
    expect(program.outputs.certificates).toEqual({
      ca: AUTHORITY,
      ends: [
        { kind: "own", subject: "/O=Example/CN=gw", ...ending },
        { kind: "ca", subject: "/O=Example/CN=authority", ...ending },
        { kind: "crl", subject: "/O=Example/CN=authority", ...ending },
      ],
      revoked: [{ issuer: "/O=Example/CN=authority", serials: ["11"] }],
    });
    const { files } = program.outputs.applied as Applied;
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["ca", "crls", "certs"].map((kind) => `/etc/iked/${kind}/gwctl.pem`)),
    );
  });

  it("has them where isakmpd reads them, once those of iked are gone", async () => {
    const values = certified({ ca: RSA_ROOT + RSA_MIDDLE, own: RSA_OWN });
    const key = "openbsd-ipsec-gateway:ike";
    values[key] = { ...(values[key] as object), daemon: "isakmpd" };
    const program = await runProgram(values);
    const step = one(program, "certificates").inputs;
    expect(step.create).toMatch(/gwctl --bytes \d+ certificates put isakmpd\n#/);
    expect(step.delete).toMatch(/gwctl certificates remove isakmpd$/);
    expect(step.triggers).toEqual(["isakmpd"]);
    expect(one(program, "certificate-request").inputs.create).toMatch(/ request isakmpd$/);
    const { files } = program.outputs.applied as Applied;
    expect(files.map(({ path }) => path)).toContain("/etc/isakmpd/ca/gwctl-2.pem");
  });

  it("is nothing that the stacks without one know of", async () => {
    const program = await runProgram(stackValues("test"));
    expect(inventory(program).join("\n")).not.toMatch(/certificate/);
    expect(program.outputs).not.toHaveProperty("certificateRequest");
  });
});

describe("an authority that the stack keeps", () => {
  const peer = newKey().secret;
  const kept = (authority: object = {}) => {
    const values = stackValues("test");
    const [west] = tunnels(values);
    west?.set("auth", "certificate");
    west?.set("peerRequest", request(peer));
    const key = "openbsd-ipsec-gateway:ike";
    const certificates = { authority: { names: ["example.net"], ...authority } };
    values[key] = { ...(values[key] as object), certificates };
    return values;
  };
  const serial = async () => {
    const { outputs } = await runProgram(kept());
    return (outputs.certificates as CertificatesOutput).kept?.peers[0]?.serial ?? "";
  };

  it("has its key made once, secret and protected, and signs the gateway's and the peer's", async () => {
    const program = await runProgram(kept());
    const key = one(program, "authority-1");
    expect(key).toMatchObject({
      inputs: { logging: "none", addPreviousOutputInEnv: false },
      secretOutputs: ["stdout", "stderr"],
      ignoreChanges: ["create", "logging", "addPreviousOutputInEnv"],
    });
    expect(program.resources.find(({ name }) => name === "protection")?.after).toContain(
      "authority-1",
    );
    const { ca, ends, kept: signed } = program.outputs.certificates as CertificatesOutput;
    const authority = new X509Certificate(ca);
    expect(ends.map(({ kind, issuer }) => [kind, issuer])).toEqual([
      ["own", "/CN=gw-test authority 1"],
      ["ca", "/CN=gw-test authority 1"],
      ["peer", "/CN=gw-test authority 1"],
    ]);
    const [ofWest] = signed?.peers ?? [];
    const certificate = new X509Certificate(ofWest?.pem ?? "");
    expect(certificate.subjectAltName).toBe("DNS:west.example.net");
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.publicKey.equals(createPublicKey(peer))).toBe(true);
    const step = one(program, "certificates").inputs;
    expect(step.stdin).toMatch(/^# ca\n-{5}BEGIN CERT[^#]+# certs\n-{5}BEGIN CERT[^#]+$/);
    expect(step.create).toMatch(/gwctl --bytes \d+ certificates put iked\n#/);
  });

  it("has its private key in no input and no output of anything", async () => {
    const { resources, outputs } = await runProgram(kept({ also: [2] }));
    const all = JSON.stringify([resources.map(({ inputs }) => inputs), outputs]);
    for (const name of ["authority-1", "authority-2"]) {
      const [, middle = "?"] = authorityKey(name).split("\n");
      expect(all).not.toContain(middle);
    }
    expect(all).not.toMatch(/BEGIN ([A-Z]+ )?PRIVATE KEY/);
  });

  it("changes nothing in an update on which nothing is due", async () => {
    const [first, second] = [await runProgram(kept()), await runProgram(kept())];
    expect(second.outputs.certificates).toEqual(first.outputs.certificates);
    expect(one(second, "certificates").inputs).toEqual(one(first, "certificates").inputs);
  });

  it("has a second one believed before it signs, and the first one after", async () => {
    const issuers = async (authority: object) => {
      const { outputs } = await runProgram(kept(authority));
      const { ends } = outputs.certificates as CertificatesOutput;
      return ends.map(({ kind, issuer = "" }) => `${kind} ${issuer.slice(-1)}`);
    };
    expect(await issuers({ also: [2] })).toEqual(["own 1", "ca 1", "ca 2", "peer 1"]);
    expect(await issuers({ generation: 2, also: [1] })).toEqual([
      "own 2",
      "ca 2",
      "ca 1",
      "peer 2",
    ]);
  });

  it("lists what is revoked for each authority, and signs it no more", async () => {
    const revoked = [{ serial: await serial(), since: "2026-11-20" }];
    const { outputs, ...program } = await runProgram(kept({ revoked, also: [2] }));
    const { revoked: listed, kept: signed } = outputs.certificates as CertificatesOutput;
    expect(signed?.peers).toEqual([]);
    expect(listed.map(({ issuer }) => issuer)).toEqual([
      "/CN=gw-test authority 1",
      "/CN=gw-test authority 2",
    ]);
    expect(listed[0]?.serials).toContain(revoked[0]?.serial);
    expect(one({ ...program, outputs }, "certificates").inputs.stdin).toMatch(
      /# crls\n-{5}BEGIN X509/,
    );
  });
});

describe("a gateway with two arms", () => {
  const twoArmed = () => {
    const values = stackValues("test");
    const key = "openbsd-ipsec-gateway:network";
    values[key] = {
      ...(values[key] as object),
      gateway: "198.51.100.254",
      behindNat: false,
      outside: { interface: "vio1", address: "198.51.100.1/24", bridge: "br1" },
      inside: [
        {
          name: "dmz",
          interface: "vlan20",
          address: "10.30.0.1/24",
          vlan: { tag: 20, parent: "vio0" },
        },
      ],
    };
    Reflect.deleteProperty(values, "openbsd-ipsec-gateway:perimeter");
    return values;
  };

  it("has a network card for each but the VLANs, in their order, and is made anew for another one", async () => {
    const { resources } = await runProgram(twoArmed());
    const machine = resources.find(({ type }) => type === "libvirt:index/domain:Domain");
    expect(machine?.inputs.networkInterfaces).toEqual([
      { bridge: "br0", mac: "52:54:00:0A:0A:02" },
      { bridge: "br1", mac: expect.stringMatching(/^52:54:00:/) as string },
    ]);
    expect(machine?.replaceOnChanges).toContain("networkInterfaces");
  });

  it("sets its interfaces up once SSH is settled, VLANs last, and its default route after them", async () => {
    const program = await runProgram(twoArmed());
    const steps = ["arm-first", "arm-outside", "arm-dmz", "mygate"];
    const { create, ...texts } = {
      create: steps.map((name) => String(one(program, name).inputs.create)),
      ...Object.fromEntries(steps.map((name) => [name, one(program, name).inputs.stdin])),
    };
    expect(create.map((line) => /activate '(.*)'/.exec(line)?.[1]?.split("/").at(-1))).toEqual([
      "gwctl arm vio0",
      "gwctl arm vio1",
      "gwctl arm vlan20",
      "gwctl gate",
    ]);
    expect(texts).toEqual({
      "arm-first": "inet 10.10.0.2 0xffffff00\n",
      "arm-outside": "inet 198.51.100.1 0xffffff00\n",
      "arm-dmz": "vnetid 20 parent vio0\ninet 10.30.0.1 0xffffff00\nup\n",
      mygate: "198.51.100.254\n",
    });
    const order = program.resources.map(({ name }) => name);
    expect(steps.map((name) => order.indexOf(name))).toEqual(
      [...steps.map((name) => order.indexOf(name))].sort((a, b) => a - b),
    );
    expect(order.indexOf("sshd-settled")).toBeLessThan(order.indexOf("arm-first"));
    expect(order.indexOf("mygate")).toBeLessThan(order.indexOf("services"));
    // The interface that the installer made stays whatever happens to the declaration.
    expect(one(program, "arm-first").inputs.delete).toBeUndefined();
    expect(one(program, "arm-outside").inputs.delete).toMatch(/gwctl arm remove vio1$/);
  });

  it("is installed with the arm that the stack connects to, without the other one's router", async () => {
    const program = await runProgram(twoArmed());
    const answers = JSON.parse(String(one(program, "media").inputs.stdin)) as object;
    expect(answers).toMatchObject({ interfaces: [{ name: "vio0", address: "10.10.0.2/24" }] });
    expect(answers).not.toHaveProperty("gateway");
    expect(program.outputs.gateway).toMatchObject({
      address: "10.10.0.2",
      outsideAddress: "198.51.100.1",
      interface: "vio1",
    });
  });

  it("is nothing that a gateway with one arm knows of", async () => {
    const program = await runProgram(stackValues("test"));
    expect(inventory(program).join("\n")).not.toMatch(/arm-|mygate/);
    expect(JSON.stringify(program.outputs.gateway)).not.toContain("outsideAddress");
  });
});

describe("a route-based tunnel", () => {
  it("makes its interface before its file, and takes it away with it", async () => {
    const values = stackValues("test");
    const [west] = tunnels(values);
    west?.set("kind", "route");
    west?.set("sec", { unit: 4, address: "169.254.4.2/30", peerAddress: "169.254.4.1" });
    const { resources } = await runProgram(values);
    const step = resources.find(({ name }) => name === "west-sec4");
    expect(step?.inputs.create).toMatch(
      /gwctl --bytes \d+ put \/etc\/hostname\.sec4 0640 root:wheel --activate '\S+gwctl interface sec4'/,
    );
    expect(unwrap(step?.inputs.stdin).value).toMatch(
      /^inet 169\.254\.4\.2\/30\ndest 169\.254\.4\.1\n/,
    );
    expect(step?.inputs.delete).toMatch(/hostname\.sec4 .*ifconfig sec4 destroy/);
    const order = resources.map(({ name, type }) => `${name} ${type}`);
    expect(order.indexOf("west-sec4 command:remote:Command")).toBeLessThan(
      order.indexOf("west command:remote:Command"),
    );
  });
});

describe("what was applied", () => {
  it("names a step of the stack for every file that a step puts on the gateway", async () => {
    const program = await runProgram(stackValues("test"));
    const { files, tunnels: applied } = program.outputs.applied as Applied;
    const all = [...files, ...applied.flatMap((tunnel) => tunnel.files)];
    const put = commands(program).flatMap(
      ({ inputs }) => /gwctl --bytes \d+ put (\S+)/.exec(String(inputs.create))?.[1] ?? [],
    );
    expect(all.map(({ path }) => path)).toEqual(expect.arrayContaining(put));
    for (const { path, sha256, steps } of all) {
      const texts = commands(program)
        .filter(({ name }) => steps.some((urn) => urn.endsWith(`::${name}`)))
        .map(({ inputs }) => hash(String(unwrap(inputs.stdin).value)));
      expect([path, texts.length > 0, new Set(texts)]).toEqual([path, true, new Set([sha256])]);
    }
  });
});

describe("the prod stack", () => {
  it("has the shape of the test stack, and protects what holds data", async () => {
    const test = await runProgram(stackValues("test"));
    const { "openbsd-ipsec-gateway:promotion": promotion, ...values } = stackValues("prod");
    expect(promotion).toEqual({ from: "test", require: "proof" });
    const prod = await runProgram(values);
    expect(inventory(prod)).toEqual(inventory(test));
    const disk = prod.resources.find(({ type }) => type === "libvirt:index/volume:Volume");
    expect(disk).toMatchObject({ protect: true, retainOnDelete: true });
    const held = prod.resources.filter(({ protect }) => protect).map(({ name }) => name);
    expect(held.sort()).toEqual(["disk", "keys", "machine", "machine-shutdown", "protection"]);
    expect(test.resources.filter(({ protect }) => protect)).toEqual([]);
    // libvirt knows it, too.
    const marks = [prod, test].map((program) => {
      const { environment } = one(program, "machine-shutdown").inputs;
      return (environment as { PROTECTED: string }).PROTECTED;
    });
    expect(marks).toEqual([expect.stringMatching(/^[0-9a-z]+$/), ""]);
    expect(Object.keys(values).sort()).toEqual(Object.keys(stackValues("test")).sort());
  });
});

describe("from an image", () => {
  it("uploads it, and learns the host key at the first connection", async () => {
    const values = stackValues("test");
    const media = values["openbsd-ipsec-gateway:source"] as { iso: { file: string } };
    values["openbsd-ipsec-gateway:source"] = {
      image: { file: media.iso.file.replace("install79.iso", "openbsd.img") },
    };
    const program = await runProgram(values);
    const names = inventory(program).join("\n");
    expect(names).toMatch(/image > image/);
    // The script itself may change, and the disk be kept.
    expect(one(program, "image").inputs.update).toBe(":");
    expect(names).toMatch(/gateway-host-key/);
    expect(names).not.toMatch(/installation|media|first-boot/);
    expect(program.outputs.installation).toBeUndefined();
  });
});

describe("without a perimeter", () => {
  it("makes no forward and opens no connection to one", async () => {
    const values = stackValues("test");
    delete values["openbsd-ipsec-gateway:perimeter"];
    const program = await runProgram(values);
    expect(inventory(program).join("\n")).not.toMatch(/perimeter|udp-500/);
  });
});

describe("bad values", () => {
  it("end the program before a single resource, with every problem in one message", async () => {
    const values = stackValues("test");
    const [west, east] = tunnels(values);
    west?.set("remote", ["10.20.1.0/33"]);
    east?.set("name", "West 1");
    await expect(runProgram(values)).rejects.toThrow(
      /^2 problems(?=[^]*tunnels\[0\]\.remote\[0\])(?=[^]*tunnels\[1\]\.name)/,
    );
  });
});

function one(program: Program, name: string): Registered {
  const found = program.resources.find(
    (resource) => resource.name === name && resource.type.startsWith("command:"),
  );
  if (!found) throw new Error(`no command ${name}`);
  return found;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function commands(program: Program): Registered[] {
  return program.resources.filter(({ type }) => type === "command:remote:Command");
}

function named(program: Program, type: string): string[] {
  return program.resources.filter((r) => r.type === type).map(({ name }) => name);
}

function inventory(program: Program): string[] {
  return program.resources.map(({ type, name, parent }) => `${parent} > ${name} (${type})`).sort();
}
