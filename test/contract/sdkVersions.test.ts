// One version of everything: Pulumi.yaml, the generated SDK, package.json and the toolchain name the same ones.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const root = join(__dirname, "../..");
const text = (path: string) => readFileSync(join(root, path), "utf8");

interface Package {
  version: string;
  dependencies: Record<string, string>;
  pulumi: {
    name: string;
    version: string;
    parameterization: { name: string; version: string; value: string };
  };
}
const json = (path: string) => JSON.parse(text(path)) as Package;

const project = parse(text("Pulumi.yaml")) as {
  requiredPulumiVersion: string;
  packages: { libvirt: { source: string; version: string; parameters: [string, string] } };
};
const { source, version, parameters } = project.packages.libvirt;
const sdk = json("sdks/libvirt/package.json");

/** The value of a NAME=VALUE line of lab/toolchain/versions.sh. */
const toolchain = (name: string) =>
  new RegExp(`^${name}=(.*)$`, "m").exec(text("lab/toolchain/versions.sh"))?.[1];

/** One argument of the SDK's call of registerPackage, e.g. `baseProviderVersion:"1.1.3"`. */
const registered = (name: string) =>
  new RegExp(`\\b${name}:\\s*"([^"]*)"`).exec(text("sdks/libvirt/utilities.ts"))?.[1];

test("the libvirt SDK is made for the plugin and provider that Pulumi.yaml names", () => {
  expect(sdk.version).toBe(parameters[1]);
  expect(sdk.pulumi).toMatchObject({ name: source, version });
  expect(sdk.pulumi.parameterization).toMatchObject({ name: "libvirt", version: parameters[1] });
  expect(JSON.parse(Buffer.from(sdk.pulumi.parameterization.value, "base64").toString())).toEqual({
    remote: { url: parameters[0], version: parameters[1] },
  });
});

test("the SDK registers the package with the same versions", () => {
  expect(registered("baseProviderName")).toBe(source);
  expect(registered("baseProviderVersion")).toBe(version);
  expect(registered("packageName")).toBe("libvirt");
  expect(registered("packageVersion")).toBe(parameters[1]);
  expect(registered("base64Parameter")).toBe(sdk.pulumi.parameterization.value);
});

test("the toolchain puts the same versions where the engine looks for them", () => {
  expect(toolchain("BRIDGE_VERSION")).toBe(version);
  expect(toolchain("LIBVIRT_SOURCE")).toBe(parameters[0]);
  expect(toolchain("LIBVIRT_VERSION")).toBe(parameters[1]);
  expect(toolchain("COMMAND_VERSION")).toBe(
    json("node_modules/@pulumi/command/package.json").version,
  );
  expect(toolchain("RANDOM_VERSION")).toBe(
    json("node_modules/@pulumi/random/package.json").version,
  );
  expect(project.requiredPulumiVersion).toBe(`>=${String(toolchain("OLDEST_ENGINE"))}`);
});

test.each(["command", "random"])(
  "package.json pins the plugin %s exactly, and that version is installed",
  (name) => {
    const pinned = json("package.json").dependencies[`@pulumi/${name}`];
    expect(pinned).toBe(json(`node_modules/@pulumi/${name}/package.json`).version);
    expect(text(`lab/toolchain/providers/${name}/main.ts`)).toContain(
      `new Provider("${name}", "${String(pinned)}"`,
    );
  },
);

test("the Go modules of the toolchain require the versions it names", () => {
  expect(text("lab/toolchain/go/engine/go.mod")).toContain(
    `github.com/pulumi/pulumi/pkg/v3 v${String(toolchain("ENGINE_VERSION"))}\n`,
  );
  expect(text("lab/toolchain/go/libvirt/go.mod")).toContain(
    `github.com/dmacvicar/terraform-provider-libvirt v${parameters[1]}\n`,
  );
});
