// The engine that scripts/toolchain has made ready, with a stack of its own: what it costs and that it settles.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EngineProject, missing } from "./support/engineProject";
import { gone } from "./support/processes";
import { because } from "./support/skipped";

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
    let engine: EngineProject;
    const pulumi = (...args: string[]): string => engine.pulumi(...args);
    const failed = (...args: string[]): string => engine.failed(...args);

    beforeAll(() => {
      engine = new EngineProject(program);
      pulumi("config", "set", "note", "first");
    });
    afterAll(() => {
      engine.remove();
    });

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
      expect(existsSync(join(engine.directory, "deleted"))).toBe(true);
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

    test("a program's error is printed once, with its position", () => {
      engine.write('throw new Error("no tunnel named east");\n');
      const output = failed("preview");
      expect(output.match(/no tunnel named east/g)).toHaveLength(1);
      expect(output).toContain("index.ts");
      expect(output).not.toContain("exited with");
    }, 60_000);

    test("a failed command's error names it and what it printed", () => {
      const text = 'new command.local.Command("failing", { create: "echo seen >&2; exit 3" });';
      engine.write(`import * as command from "@pulumi/command";\n${text}\n`);
      expect(failed("up", "--yes", "--skip-preview")).toMatch(
        /exit status 3: running "echo seen .*":\s+seen/,
      );
    }, 60_000);

    test("an interrupted run ends its commands", async () => {
      const pidFile = join(engine.directory, "pid");
      const text = `new command.local.Command("long", { create: "echo $$ > ${pidFile}; exec sleep 1000" });`;
      engine.write(`import * as command from "@pulumi/command";\n${text}\n`);
      const run = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"], {
        cwd: engine.directory,
        env: engine.environment,
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
  },
);
