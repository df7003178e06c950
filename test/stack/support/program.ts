import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as Pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

const ROOT = join(__dirname, "../../..");
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";

/** One resource the program registered, as the engine would see it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly inputs: Record<string, unknown>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
}

export interface Program {
  readonly resources: Registered[];
  readonly outputs: Record<string, unknown>;
}

export type StackValues = Record<string, unknown>;

/** The values of a committed stack file, with files that exist in place of the lab's. */
export function stackValues(stack: string): StackValues {
  const { config } = parse(readFileSync(join(ROOT, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: StackValues;
  };
  const folder = mkdtempSync(join(tmpdir(), "stack-"));
  for (const name of ["openbsd.img", "install79.iso", "lab-base.pub", "admin", "admin.pub"]) {
    writeFileSync(join(folder, name), name);
  }
  const text = JSON.stringify(config).replaceAll(/\.lab\/(media|keys)/g, folder);
  return JSON.parse(text) as StackValues;
}

/** The tunnels of the values, to be changed in place. */
export function tunnels(
  values: StackValues,
): { name: unknown; set(key: string, value: unknown): void }[] {
  const list = values["openbsd-ipsec-gateway:tunnels"] as Record<string, unknown>[];
  return list.map((tunnel) => ({
    name: tunnel.name,
    set: (key, value) => {
      tunnel[key] = value;
    },
  }));
}

/** Runs index.ts against mocks. Nothing outside the process is touched. */
export async function runProgram(
  values: StackValues,
  secrets: Record<string, string> = {},
  installed = false,
): Promise<Program> {
  let program = undefined as Program | undefined;
  await jest.isolateModulesAsync(async () => {
    jest.doMock("../../../components/hypervisor/preflight", () => ({
      askHypervisor: () => ({ problems: [], installed }),
    }));
    jest.doMock("../../../components/perimeter/readBack", () => ({
      stepMarks: (_name: string, _ssh: unknown, scripts: ReadonlyMap<string, string>) =>
        jest
          .requireActual<typeof Pulumi>("@pulumi/pulumi")
          .output(Object.fromEntries([...scripts.keys()].map((name) => [name, "mark"]))),
    }));
    const pulumi = await import("@pulumi/pulumi");
    const resources: Registered[] = [];
    const options = new Map<string, Pulumi.ResourceOptions>();
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, ...args }) => {
          const inputs = args.inputs as Record<string, unknown>;
          const opts = options.get(`${type} ${name}`) as Pulumi.CustomResourceOptions | undefined;
          const parent = opts?.parent as { __name?: string } | undefined;
          resources.push({
            type,
            name,
            parent: parent?.__name ?? "",
            inputs,
            protect: opts?.protect ?? false,
            retainOnDelete: opts?.retainOnDelete ?? false,
            ignoreChanges: opts?.ignoreChanges ?? [],
          });
          return { id: `${name}-id`, state: mockedOutputs(type, name, inputs) };
        },
        call: () => ({}),
      },
      "openbsd-ipsec-gateway",
      "test",
      false,
      "organization",
    );
    pulumi.runtime.setAllConfig(
      Object.fromEntries(
        [...Object.entries(values), ...Object.entries(secrets).map(([k, v]) => [key(k), v])].map(
          ([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)],
        ),
      ),
      Object.keys(secrets).map(key),
    );
    let failure: unknown;
    const outputs = await pulumi.runtime.runInPulumiStack(async () => {
      pulumi.runtime.registerStackTransformation((args) => {
        options.set(`${args.type} ${args.name}`, args.opts);
        return undefined;
      });
      try {
        const program = (await import("../../../index.js")) as { default: () => Promise<object> };
        return await program.default();
      } catch (error) {
        // Thrown from here it would end the process before the test sees it.
        failure = error;
        return {};
      }
    });
    if (failure !== undefined) {
      throw failure as Error;
    }
    const resolved = await new Promise<Record<string, unknown>>((resolve) => {
      pulumi.output(outputs as Record<string, unknown>).apply(resolve);
    });
    await pulumi.runtime.disconnect();
    program = { resources, outputs: resolved };
  });
  if (program === undefined) {
    throw new Error("the program did not finish");
  }
  return program;
}

/** The plain value below a secret's wrapper, and whether it was wrapped. */
export function unwrap(value: unknown): { secret: boolean; value: unknown } {
  const wrapped = value as { value?: unknown } | undefined;
  const isSecret =
    typeof value === "object" && value !== null && Object.values(value).includes(SECRET_MARK);
  return isSecret ? { secret: true, value: wrapped?.value } : { secret: false, value };
}

function key(name: string): string {
  return `openbsd-ipsec-gateway:${name}`;
}

function mockedOutputs(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
): Record<string, unknown> {
  switch (type) {
    case "command:local:Command":
      return { ...inputs, stdout: toldBy(name), stderr: "" };
    case "command:remote:Command":
      if (name === "first-boot") return { ...inputs, stdout: "9", stderr: "" };
      return { ...inputs, stdout: "ssh-ed25519 AAAAhostkey root@gw", stderr: "" };
    case "random:index/randomPassword:RandomPassword":
      return { ...inputs, result: `generatedByRandomPassword-${name}` };
    default:
      return { ...inputs };
  }
}

function toldBy(name: string): string {
  const seconds = { media: 1, upload: 2 };
  switch (name) {
    case "media":
      return JSON.stringify({ cds: [{ pool: "media", volume: "gw-install79-1.iso" }], seconds });
    case "installation":
      return JSON.stringify({
        hostKey: "ssh-ed25519 AAAAhostkey",
        seconds: { ...seconds, total: 20 },
        transcript: "/state/gw-console.log",
      });
    default:
      return "";
  }
}
