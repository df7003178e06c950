// What `machine.protect` holds, on the engine that scripts/toolchain has made ready: the commands that
// take a stack away, and the ordinary work that has to go on.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FakeVirsh } from "../unit/support/fakeVirsh";
import { EngineProject, missing, root } from "./support/engineProject";
import { because } from "./support/skipped";

// The machine, its keys and steps with dependencies as the product's; scripts and guards are the product's.
const program = `
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { MARK, REMOVE_MACHINE } from "${root}/components/hypervisor/machineRemoval";
import { protectStack, Registered } from "${root}/components/protection";

const values = new pulumi.Config();
const protect = values.requireBoolean("protect");
const uri = "qemu:///system";
const registered = new Registered();
class Part extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions = {}) {
    super("contract:index:Part", name, {}, opts);
  }
}
const parent = new Part("gateway");
new Part("told", { parent });
const step = (name: string, args: object, opts: pulumi.CustomResourceOptions) =>
  new command.local.Command(name, { create: "echo " + name, addPreviousOutputInEnv: false, ...args }, opts);
const machine = step("machine", { triggers: [values.require("generation")] },
  { parent, protect, retainOnDelete: true, deleteBeforeReplace: true });
step("machine-shutdown", {
  create: MARK,
  delete: REMOVE_MACHINE,
  environment: { LIBVIRT_URI: uri, DOMAIN: machine.id, PROTECTED: protect ? "w" : "" },
  triggers: [machine.id],
}, { parent, protect, dependsOn: machine, deleteBeforeReplace: true });
const tunnels = values.require("tunnels").split(" ").map((name) => {
  const tunnel = new Part(name, { parent, dependsOn: machine });
  const { result } = new random.RandomPassword(name + "-psk", { length: 20 }, { parent: tunnel });
  return step(name, { stdin: result, environment: { V: values.get("version") ?? "1" }, delete: "echo tunnel >>deleted" },
    { parent: tunnel, dependsOn: machine, deletedWith: machine });
});
step("forward", { delete: "echo forward >>deleted" }, { parent, dependsOn: tunnels });
protectStack({ machine: { protect }, hypervisor: { uri } } as never, machine.id, registered);
`;

const DESTROY = ["destroy", "--yes", "--skip-preview"];
const UP = ["up", "--yes", "--skip-preview"];

(missing === undefined ? describe : describe.skip)(`a protected stack${because(missing)}`, () => {
  let engine: EngineProject;
  let virsh: FakeVirsh;

  beforeAll(() => {
    engine = new EngineProject(program);
    virsh = new FakeVirsh(join(engine.directory, "libvirt"));
    engine.environment.PATH = `${virsh.bin}:${engine.environment.PATH}`;
    writeFileSync(join(engine.directory, "deleted"), "");
    const values = { protect: "true", generation: "1", tunnels: "west east" };
    for (const [key, value] of Object.entries(values)) engine.pulumi("config", "set", key, value);
    engine.pulumi(...UP);
  }, 120_000);
  afterAll(() => {
    engine.remove();
  });

  const deleted = (): string => engine.read("deleted");
  /** What the state holds, in an order of its own: a failed run may leave another one. */
  function resources(): { urn: string }[] {
    const json = engine.pulumi("stack", "export", "--show-secrets");
    const { deployment } = JSON.parse(json) as { deployment: { resources?: { urn: string }[] } };
    return (deployment.resources ?? []).sort((a, b) => a.urn.localeCompare(b.urn));
  }

  /** Nothing was done, and the state says what it said. */
  function unchanged(deed: () => string): string {
    const before = resources();
    const said = deed();
    expect(resources()).toEqual(before);
    expect([deleted(), virsh.read("deeds"), virsh.read("word")]).toEqual(["", undefined, "w"]);
    return said;
  }

  it("is not touched by `destroy`, in any of its forms", () => {
    expect(unchanged(() => engine.failed(...DESTROY))).toMatch(/protection.* cannot be deleted/);
    expect(unchanged(() => engine.pulumi(...DESTROY, "--exclude-protected"))).toContain(
      "There were no unprotected resources to destroy",
    );
    expect(unchanged(() => engine.failed(...DESTROY, "--ignore-protect"))).toMatch(
      /gw: is protected \(machine\.protect\)/,
    );
  }, 120_000);

  it("is not touched by `destroy` either when its state is unprotected", () => {
    engine.pulumi("state", "unprotect", "--all", "--yes");
    expect(unchanged(() => engine.failed(...DESTROY))).toMatch(/gw: is protected/);
    engine.pulumi(...UP);
  }, 120_000);

  it("changes one tunnel alone, also while another one is new", () => {
    engine.pulumi("config", "set", "tunnels", "north west east");
    engine.pulumi("config", "set", "version", "2");
    expect(engine.pulumi(...UP, "--target", "**$command:local:Command::west")).toContain(
      "~ 1 updated",
    );
    expect(engine.pulumi(...UP)).toMatch(/\+ 3 created\s+~ 1 updated/);
  }, 120_000);

  it("loses a tunnel, with its key, when that leaves the values", () => {
    engine.pulumi("config", "set", "tunnels", "north east");
    expect(engine.pulumi(...UP)).toContain("- 3 deleted");
    expect(deleted()).toBe("tunnel\n");
    writeFileSync(join(engine.directory, "deleted"), "");
    unchanged(() => engine.failed(...DESTROY));
  }, 120_000);

  it("is not replaced by a changed value; unprotected in the values, it can be taken away", () => {
    engine.pulumi("config", "set", "generation", "2");
    expect(unchanged(() => engine.failed(...UP))).toContain("unable to replace resource");
    engine.pulumi("config", "set", "generation", "1");
    engine.pulumi("config", "set", "protect", "false");
    engine.pulumi(...UP);
    engine.pulumi(...DESTROY);
    expect(virsh.read("deeds")).toBe("shutdown\nundefine");
    expect(resources()).toEqual([]);
  }, 120_000);

  it("whose first update failed keeps the keys that it has made, and its machine", () => {
    virsh.write("state", "running");
    engine.pulumi("config", "set", "protect", "true");
    engine.write(
      program.replace(
        'create: "echo " + name',
        'create: name === "east" ? "sleep 2; exit 3" : "echo"',
      ),
    );
    engine.failed(...UP);
    // The engine may have stopped before it made the key of the other tunnel.
    const keys = resources().filter(({ urn }) => urn.endsWith("-psk"));
    const [machine] = resources().filter(({ urn }) => urn.endsWith("::machine-shutdown"));
    expect(keys.map(({ urn }) => urn)).toContainEqual(expect.stringMatching(/::east-psk$/));
    engine.failed(...DESTROY);
    engine.pulumi(...DESTROY, "--exclude-protected");
    expect(resources()).toEqual(expect.arrayContaining([machine, ...keys]));
    expect(virsh.read("state")).toBe("running");
  }, 120_000);
});
