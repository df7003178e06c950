// The engine that scripts/toolchain has made ready, with a stack of its own: what it costs and that it settles.
import { execFileSync, spawn } from "node:child_process";
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
import { gone } from "./support/processes";
import { because } from "./support/skipped";

const root = join(__dirname, "../..");
const missing = existsSync(join(root, ".toolchain/origin/random"))
  ? undefined
  : "the toolchain is not there: run scripts/toolchain";

const program = `
import * as command from "@pulumi/command";
import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const config = new pulumi.Config();
const password = new random.RandomPassword("password", { length: 24, special: false });
const counted = new command.local.Command("counted", {
  create: "tr -d '\\\\n' | wc -c",
  delete: "touch deleted",
  stdin: password.result,
  addPreviousOutputInEnv: false,
});
new command.local.Command("noted", { create: \`echo \${config.require("note")}\`, triggers: [counted.stdout] });
export const length = pulumi.unsecret(counted.stdout);
export const result = password.result;
export const hypervisor = libvirt.Provider.isInstance(undefined);
`;

(missing === undefined ? describe : describe.skip)(
  `a stack on the toolchain's engine${because(missing)}`,
  () => {
    let project: string;
    let environment: NodeJS.ProcessEnv;

    beforeAll(() => {
      project = mkdtempSync(join(tmpdir(), "contract-engine-"));
      mkdirSync(join(project, "state"));
      symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
      writeFileSync(join(project, "Pulumi.yaml"), "name: contract\nruntime: nodejs\n");
      writeFileSync(join(project, "package.json"), '{ "name": "contract", "main": "index.ts" }\n');
      writeFileSync(join(project, "tsconfig.json"), readFileSync(join(root, "tsconfig.json")));
      writeFileSync(join(project, "index.ts"), program);
      environment = {
        ...process.env,
        ...exported(),
        PULUMI_BACKEND_URL: `file://${project}/state`,
        PULUMI_CONFIG_PASSPHRASE: "contract",
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      };
      pulumi("stack", "init", "contract");
      pulumi("config", "set", "note", "first");
    });
    afterAll(() => {
      rmSync(project, { recursive: true });
    });

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

    function pulumi(...args: string[]): string {
      const options = { cwd: project, env: environment, encoding: "utf8", stdio: "pipe" } as const;
      try {
        return execFileSync("pulumi", [...args, "--non-interactive"], options);
      } catch (error) {
        throw new Error(`pulumi ${args.join(" ")}: ${(error as { stdout: string }).stdout}`, {
          cause: error,
        });
      }
    }

    test("previews, makes, settles, refreshes, updates and destroys", () => {
      const planned = pulumi("preview");
      expect(planned).toContain("+ 4 to create");
      const made = pulumi("up", "--yes", "--skip-preview");
      expect(made).toMatch(/length +: "24"/);
      expect(made).toMatch(/result +: \[secret\]/);

      const password = pulumi("stack", "output", "result", "--show-secrets").trim();
      expect(password).toMatch(/^[A-Za-z0-9]{24}$/);
      expect(pulumi("stack", "export")).not.toContain(password);

      pulumi("preview", "--expect-no-changes");
      expect(pulumi("refresh", "--yes", "--skip-preview")).toContain("4 unchanged");
      pulumi("preview", "--expect-no-changes");

      pulumi("config", "set", "note", "second");
      expect(pulumi("preview")).toMatch(/~ +command:local:Command noted update/);
      expect(pulumi("up", "--yes", "--skip-preview")).toContain("~ 1 updated");

      pulumi("destroy", "--yes", "--skip-preview");
      expect(existsSync(join(project, "deleted"))).toBe(true);
    }, 120_000);

    test("the bridge serves the libvirt provider without a network", () => {
      const source = ["registry.opentofu.org/dmacvicar/libvirt", "0.8.3"];
      const schema = JSON.parse(
        pulumi("package", "get-schema", "terraform-provider@1.1.3", ...source),
      ) as {
        resources: object;
      };
      expect(Object.keys(schema.resources)).toContain("libvirt:index/domain:Domain");
    }, 60_000);

    test("a program's error is told once, with its place", () => {
      writeFileSync(join(project, "index.ts"), 'throw new Error("no tunnel named east");\n');
      const output = failed("preview");
      expect(output.match(/no tunnel named east/g)).toHaveLength(1);
      expect(output).toContain("index.ts");
      expect(output).not.toContain("exited with");
    }, 60_000);

    test("a failed command's error names it and what it printed", () => {
      const text = 'new command.local.Command("failing", { create: "echo seen >&2; exit 3" });';
      writeFileSync(
        join(project, "index.ts"),
        `import * as command from "@pulumi/command";\n${text}\n`,
      );
      expect(failed("up", "--yes", "--skip-preview")).toMatch(
        /exit status 3: running "echo seen .*":\s+seen/,
      );
    }, 60_000);

    test("an interrupted run ends its commands", async () => {
      const pidFile = join(project, "pid");
      const text = `new command.local.Command("long", { create: "echo $$ > ${pidFile}; exec sleep 1000" });`;
      writeFileSync(
        join(project, "index.ts"),
        `import * as command from "@pulumi/command";\n${text}\n`,
      );
      const run = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"], {
        cwd: project,
        env: environment,
        stdio: "ignore",
      });
      const ended = new Promise((resolve) => run.once("close", resolve));
      while (!existsSync(pidFile) || readFileSync(pidFile, "utf8") === "") {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      run.kill("SIGINT");
      expect(await gone(Number(readFileSync(pidFile, "utf8")))).toBe(true);
      expect(await ended).not.toBe(0);
    }, 60_000);

    function failed(...args: string[]): string {
      try {
        pulumi(...args);
      } catch (error) {
        return (error as Error).message;
      }
      throw new Error(`pulumi ${args.join(" ")} did not fail`);
    }
  },
);
