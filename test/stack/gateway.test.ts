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

  it("exports what the other side and the operator need, with the keys apart", () => {
    const { presharedKeys, provable, ...rest } = program.outputs;
    expect(provable).toEqual({ shape: SHA256, code: SHA256, source: "an image" });
    expect(JSON.stringify(rest)).not.toContain(PLANTED);
    expect(presharedKeys).toEqual({ west: "generatedByRandomPassword-west-psk", east: PLANTED });
    // The test's own key file is in a new folder each time.
    const stable = JSON.stringify(rest).replaceAll(/"[^"]*\/stack-\w+\//g, '"');
    expect(JSON.parse(stable)).toMatchSnapshot();
  });
});

const SHA256: unknown = expect.stringMatching(/^[0-9a-f]{64}$/);

describe("the prod stack", () => {
  it("has the shape of the test stack, and protects what holds data", async () => {
    const test = await runProgram(stackValues("test"));
    const prod = await runProgram(stackValues("prod"));
    expect(inventory(prod)).toEqual(inventory(test));
    const disk = prod.resources.find(({ type }) => type === "libvirt:index/volume:Volume");
    expect(disk).toMatchObject({ protect: true, retainOnDelete: true });
    expect(Object.keys(stackValues("prod")).sort()).toEqual(
      Object.keys(stackValues("test")).sort(),
    );
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

function commands(program: Program): Registered[] {
  return program.resources.filter(({ type }) => type === "command:remote:Command");
}

function named(program: Program, type: string): string[] {
  return program.resources.filter((r) => r.type === type).map(({ name }) => name);
}

function inventory(program: Program): string[] {
  return program.resources.map(({ type, name, parent }) => `${parent} > ${name} (${type})`).sort();
}
