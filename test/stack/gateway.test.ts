import { createHash } from "node:crypto";
import type { Applied } from "../../config/applied";
import {
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

  it("logs no command's output and puts none into an environment", () => {
    for (const { inputs } of commands(program)) {
      expect(inputs).toMatchObject({ logging: "none", addPreviousOutputInEnv: false });
    }
  });

  it("tells the installer on standard input what to do, and nothing secret", () => {
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

describe("a route-based tunnel", () => {
  it("makes its interface before its file, and takes it away with it", async () => {
    const values = stackValues("test");
    const [west] = tunnels(values);
    west?.set("kind", "route");
    west?.set("sec", { unit: 4, address: "169.254.4.2/30", peerAddress: "169.254.4.1" });
    const { resources } = await runProgram(values);
    const step = resources.find(({ name }) => name === "west-sec4");
    expect(step?.inputs.create).toMatch(/gwctl put \/etc\/hostname\.sec4 0640 root:wheel/);
    expect(unwrap(step?.inputs.stdin).value).toMatch(/^inet 169\.254\.4\.2\/30 169\.254\.4\.1\n/);
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
      ({ inputs }) => /gwctl put (\S+)/.exec(String(inputs.create))?.[1] ?? [],
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
      /^3 problems(?=[^]*tunnels\[0\]\.remote\[0\])(?=[^]*tunnels\[1\]\.name)/,
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
