import { spawn } from "node:child_process";
import { join } from "node:path";

export const ROOT = join(__dirname, "../../..");

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, as a user at a terminal sees them. */
  readonly output: string;
}

/** Runs a program from the project's root; never throws for an exit code. */
export function run(program: string, args: string[], input = ""): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, NO_COLOR: "1" } });
    let stdout = "";
    let stderr = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      output += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code: code ?? -1, stdout, stderr, output });
    });
    // A program that ends before it has read is judged by its exit status.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** `./scripts/lab ARGS…` */
export function lab(...args: string[]): Promise<Result> {
  return run(join(ROOT, "scripts/lab"), args);
}

/** The same, but a failure fails the test with everything that was printed. */
export async function labOk(...args: string[]): Promise<Result> {
  const result = await lab(...args);
  if (result.code !== 0) {
    throw new Error(`lab ${args.join(" ")} ended with ${result.code}\n${result.output}`);
  }
  return result;
}

/** A command inside the lab's admin workstation, by the shell. */
export function inLab(command: string): Promise<Result> {
  return lab("shell", "-c", command);
}

/** A command on the gateway of stack test, over the admin's SSH. */
export function onGateway(command: string): Promise<Result> {
  const ssh = "ssh -i .lab/keys/admin -o BatchMode=yes -o LogLevel=ERROR -o ConnectTimeout=10";
  const unpinned = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null";
  return inLab(`${ssh} ${unpinned} root@10.10.0.2 ${quote(command)}`);
}

export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

export interface TunnelProof {
  readonly name: string;
  readonly ikeVersion: number;
  readonly spis: string[];
  readonly sent: number;
  readonly received: number;
  readonly cleartextOutside: number;
  readonly proven: boolean;
}

/** Seconds that tunnels may take: other labs beside this one are no fault of a gateway. */
const PROVEN_WITHIN = "300";

/** What `lab verify --json` says; the exit code is the caller's to judge. */
export async function verify(...args: string[]): Promise<{ code: number; tunnels: TunnelProof[] }> {
  const { code, stdout, output } = await lab(
    "verify",
    "--json",
    "--timeout",
    PROVEN_WITHIN,
    ...args,
  );
  try {
    return { code, ...(JSON.parse(stdout) as { tunnels: TunnelProof[] }) };
  } catch {
    throw new Error(`lab verify ended with ${code} and printed no JSON:\n${output}`);
  }
}

/** The SPIs of one tunnel now, whatever the state of the others. */
export async function spisOf(name: string): Promise<string[]> {
  const { tunnels } = await verify("--timeout", "0");
  return tunnels.find((tunnel) => tunnel.name === name)?.spis ?? [];
}

/** How many resources a preview would touch, by operation; `same` left out. */
export async function previewSummary(): Promise<Record<string, number>> {
  const { stdout } = await labOk("pulumi", "preview", "--json");
  const { changeSummary } = JSON.parse(stdout) as { changeSummary: Record<string, number> };
  return Object.fromEntries(Object.entries(changeSummary).filter(([op]) => op !== "same"));
}

/** The names (last part of the URN) a preview would touch, by operation. */
export async function previewChanges(): Promise<Record<string, string[]>> {
  const { stdout } = await labOk("pulumi", "preview", "--json");
  const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
  const changes: Record<string, string[]> = {};
  for (const { op, urn } of steps.filter((step) => step.op !== "same")) {
    (changes[op] ??= []).push(urn.split("::").at(-1) ?? urn);
  }
  return changes;
}
