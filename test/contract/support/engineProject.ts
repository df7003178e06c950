import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const root = join(__dirname, "../../..");

/** Why there is no engine to test with, if there is none. */
export const missing = existsSync(join(root, ".toolchain/origin/random"))
  ? undefined
  : "the toolchain is not there: run scripts/toolchain";

/** A project of its own with one stack, `contract`, on the engine that scripts/toolchain has made ready. */
export class EngineProject {
  public readonly directory = mkdtempSync(join(tmpdir(), "contract-engine-"));
  public readonly environment: NodeJS.ProcessEnv;

  constructor(program: string, variables: NodeJS.ProcessEnv = {}) {
    const { directory } = this;
    mkdirSync(join(directory, "state"));
    symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
    writeFileSync(join(directory, "Pulumi.yaml"), "name: contract\nruntime: nodejs\n");
    writeFileSync(join(directory, "package.json"), '{ "name": "contract", "main": "index.ts" }\n');
    writeFileSync(join(directory, "tsconfig.json"), readFileSync(join(root, "tsconfig.json")));
    this.write(program);
    this.environment = {
      ...process.env,
      ...exported(),
      PULUMI_BACKEND_URL: `file://${directory}/state`,
      PULUMI_CONFIG_PASSPHRASE: "contract",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      ...variables,
    };
    this.pulumi("stack", "init", "contract");
  }

  public write(program: string): void {
    writeFileSync(join(this.directory, "index.ts"), program);
  }

  public read(file: string): string {
    return readFileSync(join(this.directory, file), "utf8");
  }

  public pulumi(...args: string[]): string {
    const options = {
      cwd: this.directory,
      env: this.environment,
      encoding: "utf8",
      stdio: "pipe",
    } as const;
    try {
      return execFileSync("pulumi", [...args, "--non-interactive"], options);
    } catch (error) {
      throw new Error(`pulumi ${args.join(" ")}: ${(error as { stdout: string }).stdout}`, {
        cause: error,
      });
    }
  }

  public failed(...args: string[]): string {
    try {
      this.pulumi(...args);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error(`pulumi ${args.join(" ")} did not fail`);
  }

  public remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

/** What `eval "$(scripts/toolchain --env)"` exports. */
function exported(): NodeJS.ProcessEnv {
  const lines = execFileSync("bash", [
    "-c",
    'eval "$("$0" --env)" && env -0',
    join(root, "scripts/toolchain"),
  ]);
  return Object.fromEntries(
    lines
      .toString()
      .split("\0")
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
