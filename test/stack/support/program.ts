import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type * as Pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceOutputsRequest as OutputsRequest,
  RegisterResourceRequest as Request,
} from "@pulumi/pulumi/proto/resource_pb";
import { parse } from "yaml";
import { newKey, request as requestOf, secretPem } from "../../unit/support/certificates";
import { temporaryFolder } from "../../unit/support/temporaryFolder";

const ROOT = join(__dirname, "../../..");
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";

/** One resource the program registered, as the engine would see it. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Its name; empty for the stack. */
  readonly parent: string;
  /** The node of what it is part of; empty for the stack. See nodeOf. */
  readonly within: string;
  readonly inputs: Record<string, unknown>;
  /** What the state has of it after the update. */
  readonly outputs: Record<string, unknown>;
  /** Nodes of what is made before it and removed after it, through `dependsOn` and through inputs. */
  readonly after: readonly string[];
  /** The node that it goes with; empty where the resource is removed by itself. */
  readonly deletedWith: string;
  readonly deleteBeforeReplace: boolean;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Outputs that are secret although no input is. */
  readonly secretOutputs: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
}

export interface Program {
  readonly resources: Registered[];
  readonly outputs: Record<string, unknown>;
}

export type StackValues = Record<string, unknown>;

/** The values of a committed stack file, with files that exist in place of the lab's. */
export const stackValues = (stack: string): StackValues => fileValues(`Pulumi.${stack}.yaml`);

/** The same of any stack file, by its path from the project's root. */
export function fileValues(path: string): StackValues {
  const { config } = parse(readFileSync(join(ROOT, path), "utf8")) as { config: StackValues };
  const folder = temporaryFolder("stack");
  for (const name of ["openbsd.img", "install79.iso", "lab-base.pub", "admin", "admin.pub"]) {
    writeFileSync(join(folder, name), name);
  }
  const text = JSON.stringify(config)
    .replaceAll(/\.lab\/(media|keys)/g, folder)
    .replaceAll('"openbsd.img"', JSON.stringify(join(folder, "openbsd.img")))
    .replaceAll("~/.ssh/id_ed25519", join(folder, "admin"));
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

/** What the hypervisor of the next program has. */
const hypervisor = { installed: false };

jest.doMock("../../../components/hypervisor/preflight", () => ({
  askHypervisor: () => ({ problems: [], installed: hypervisor.installed }),
}));
jest.doMock("../../../components/perimeter/readBack", () => ({
  stepMarks: (_name: string, _ssh: unknown, scripts: ReadonlyMap<string, string>) =>
    jest
      .requireActual<typeof Pulumi>("@pulumi/pulumi")
      .output(Object.fromEntries([...scripts.keys()].map((name) => [name, "mark"]))),
}));

/**
 * Runs index.ts against mocks. Nothing outside the process is touched. One program after the other:
 * Pulumi's runtime has one set of mocks.
 *
 * @param before the update whose state this one finds; default: none, the stack is new
 */
export async function runProgram(
  values: StackValues,
  secrets: Record<string, string> = {},
  installed = false,
  before?: Program,
): Promise<Program> {
  hypervisor.installed = installed;
  const pulumi = await import("@pulumi/pulumi");
  const requests = new Map<string, Request>();
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const request = requests.get(`${type} ${name}`);
        if (request === undefined) throw new Error(`nothing registered ${type} ${name}`);
        const outputs = mockedOutputs(type, name, inputs as Inputs);
        resources.push({ type, name, inputs: inputs as Inputs, outputs, ...optionsOf(request) });
        return { id: `${name}-id`, state: outputs };
      },
      call: ({ token }) =>
        token === "pulumi:pulumi:readStackResourceOutputs" ? { outputs: stateOf(before) } : {},
    },
    "openbsd-ipsec-gateway",
    "test",
    false,
    "organization",
  );
  const own = new Map<string, Inputs>();
  listen(
    pulumi.runtime.getMonitor() as unknown as Monitor,
    (request) => {
      requests.set(`${request.getType()} ${request.getName()}`, request);
    },
    (urn, outputs) => {
      own.set(urn, outputs);
    },
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
    try {
      const program = await import("../../../index.js");
      return await program.default();
    } catch (error) {
      // Thrown from here it would end the process before the test sees it.
      failure = error;
      return {};
    }
  });
  if (failure !== undefined) throw failure as Error;
  const resolved = await new Promise<Record<string, unknown>>((resolve) => {
    pulumi.output(outputs as Record<string, unknown>).apply(resolve);
  });
  await pulumi.runtime.disconnect();
  for (const { urn, outputs: kept } of resources) Object.assign(kept, own.get(urn));
  return { resources, outputs: resolved };
}

type Inputs = Record<string, unknown>;

/** As the engine answers from its state: outputs by URN. */
function stateOf(program: Program | undefined): Record<string, { outputs: Inputs }> {
  const resources = program?.resources ?? [];
  return Object.fromEntries(resources.map(({ urn, outputs }) => [urn, { outputs }]));
}

interface Monitor {
  registerResource: (request: Request, ...more: unknown[]) => unknown;
  registerResourceOutputs: (request: OutputsRequest, ...more: unknown[]) => unknown;
}

/**
 * Pulumi's mocks hand over the inputs of a resource only; its options stand in the request, and what a component
 * registers as its outputs comes later.
 */
function listen(
  monitor: Monitor,
  hear: (request: Request) => void,
  hearOutputs: (urn: string, outputs: Inputs) => void,
): void {
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, ...more) => {
    hear(request);
    return register(request, ...more);
  };
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, ...more) => {
    hearOutputs(asEngine(request.getUrn()), request.getOutputs()?.toJavaScript() ?? {});
    return registerOutputs(request, ...more);
  };
}

function optionsOf(request: Request): Omit<Registered, "type" | "name" | "inputs" | "outputs"> {
  return {
    urn: urnOf(request),
    parent: nodeAt(request.getParent()).replace(/^.* /, ""),
    within: nodeAt(request.getParent()),
    after: request.getDependenciesList().map(nodeAt).sort(),
    deletedWith: nodeAt(request.getDeletedwith()),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    secretOutputs: request.getAdditionalsecretoutputsList(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
  };
}

/**
 * What tells one resource of the program from another: the name; for a component, which often has a child
 * of its name, with what it is, such as `Tunnel west`. Empty for the stack.
 */
export function nodeOf(type: string, name: string): string {
  if (type === "pulumi:pulumi:Stack") return "";
  const component = /^openbsd-ipsec-gateway:\w+:(\w+)$/.exec(type)?.[1];
  return component === undefined ? name : `${component} ${name}`;
}

/** As the engine names it: with the types of all that it is part of. */
function urnOf(request: Request): string {
  const types = request.getParent().split("::").at(-2) ?? "";
  const all = [...(types === "" ? [] : [types]), request.getType()].join("$");
  return asEngine(`urn:pulumi:test::openbsd-ipsec-gateway::${all}::${request.getName()}`);
}

/** Pulumi's mocks count the stack among what a resource is part of. */
const asEngine = (urn: string): string => urn.replace(/::pulumi:pulumi:Stack\$/, "::");

function nodeAt(urn: string): string {
  const [types = "", name = ""] = urn.split("::").slice(-2);
  return nodeOf(types.split("$").at(-1) ?? "", name);
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
      if (name === "public-key") return { ...inputs, stdout: "what public-key said", stderr: "" };
      if (name === "certificate-request")
        return { ...inputs, stdout: GATEWAY_REQUEST.trimEnd(), stderr: "" };
      if (name === "first-boot") return { ...inputs, stdout: "9", stderr: "" };
      if (name in trials) return { ...inputs, stdout: trials[name], stderr: "" };
      return { ...inputs, stdout: "ssh-ed25519 AAAAhostkey root@gw", stderr: "" };
    case "random:index/randomPassword:RandomPassword":
      return { ...inputs, result: `generatedByRandomPassword-${name}` };
    default:
      return { ...inputs };
  }
}

/** What a run of gwctl says that loaded a text, or loaded it once more. */
const trials: Partial<Record<string, string>> = {
  pf: "changed: to be confirmed from another connection within 60 s, trial 4711.1764000000\n",
  "pf-confirm": "armed: trial 4712.1764000009\n",
  sshd: "unchanged\nreboot # trial 1.2",
};

/** The gateway's request for its certificate. */
export const GATEWAY_REQUEST = requestOf(newKey().secret, "/CN=gw-test.example.net");

/** What the stack keeps of its authorities, by the name of the resource. */
const authorities = new Map<string, string>();

export function authorityKey(name: string): string {
  const key =
    authorities.get(name) ??
    secretPem(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
  authorities.set(name, key);
  return key;
}

function toldBy(name: string): string {
  if (name.startsWith("authority-")) {
    return JSON.stringify({ key: authorityKey(name), made: "2026-11-01" });
  }
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
