import type { Check } from "../../contract/documents/declaration";
import { json } from "../json";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, loadConfig, type Problem } from "../../config/load";
import { projectDirectory } from "../../workstation/paths";
import { formatProblem } from "../../config/problems";
import { readStackFile, UnreadableStack } from "../check/stackFile";
import { EXIT } from "../../contract/exit";
import { UsageError, type Io } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/check";

interface Verdict {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

function checked(file: string): Verdict {
  try {
    return { problems: [], warnings: loadConfig(readStackFile(file)).warnings };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, warnings: error.warnings };
    throw error;
  }
}

function stackFile(project: string, stack: string | undefined): string {
  if (stack !== undefined) return join(project, `Pulumi.${stack}.yaml`);
  const files = readdirSync(project).filter((name) => /^Pulumi\.[^.]+\.yaml$/.test(name));
  const [only, another] = files;
  if (only === undefined || another !== undefined) {
    const names = files.map((name) => name.split(".")[1]).join(", ");
    throw new UsageError(`give --stack NAME (${names}) or the path of a file`);
  }
  return join(project, only);
}

function report(io: Io, file: string, { problems, warnings }: Verdict): void {
  for (const problem of problems) io.out(`${formatProblem(problem)}\n`);
  for (const warning of warnings) io.out(`warning: ${formatProblem(warning)}\n`);
  const count = (list: readonly Problem[], word: string) =>
    `${list.length} ${word}${list.length === 1 ? "" : "s"}`;
  io.err(`${file}: ${count(problems, "problem")}, ${count(warnings, "warning")}\n`);
}

export const run = implement(command, ({ file: named, stack, json: asJson }, io) => {
  if (named !== undefined && stack !== undefined) {
    throw new UsageError("give FILE or --stack, not both");
  }
  const file = named ?? stackFile(projectDirectory(), stack);
  try {
    const verdict = checked(file);
    if (asJson) io.out(json<Check>({ file, ...verdict }));
    else report(io, file, verdict);
    return verdict.problems.length > 0 ? EXIT.failed : EXIT.ok;
  } catch (error) {
    if (!(error instanceof UnreadableStack)) throw error;
    io.err(`gateway: check: ${error.message}\n`);
    return EXIT.cannotTell;
  }
});
