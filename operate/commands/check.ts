import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError, loadConfig, type Problem } from "../../config/load";
import { projectDirectory } from "../../config/places";
import { formatProblem } from "../../config/problems";
import { readStackFile, UnreadableStack } from "../check/stackFile";
import { EXIT, UsageError, type Command, type Io } from "../command";

const UNREADABLE = 2;

const usage = `usage: ./scripts/gateway check [--stack NAME | FILE] [--json]

Looks at a stack's values as pulumi up would before it touches anything, and names every problem:
where, what, and what to write instead (docs/rules.md). Needs neither Pulumi nor the network. Of
a secret it sees only whether it is set; files that the values name are not looked for.

  --stack NAME  Pulumi.NAME.yaml of the project (default: the only one there is)
  FILE          any other file of that form
  --json        {"file", "problems": [{code, path, message, fix}], "warnings": [...]}

Examples:
  ./scripts/gateway check --stack prod
  ./scripts/gateway check ../other/Pulumi.test.yaml --json

Exit status: 0 nothing is refused (warnings may be said), 1 refused, 2 the file cannot be read,
64 called wrongly.
`;

interface Verdict {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

function judge(file: string): Verdict {
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

function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { stack: { type: "string" }, json: { type: "boolean" } },
    allowPositionals: true,
    strict: true,
  });
  const [named, ...more] = positionals;
  if (more.length > 0 || (named !== undefined && values.stack !== undefined)) {
    throw new UsageError("give one file or --stack NAME: ./scripts/gateway check --help");
  }
  const file = named ?? stackFile(projectDirectory(), values.stack);
  try {
    const verdict = judge(file);
    if (values.json) io.out(`${JSON.stringify({ file, ...verdict })}\n`);
    else report(io, file, verdict);
    return Promise.resolve(verdict.problems.length > 0 ? EXIT.failed : EXIT.ok);
  } catch (error) {
    if (!(error instanceof UnreadableStack)) throw error;
    io.err(`gateway: check: ${error.message}\n`);
    return Promise.resolve(UNREADABLE);
  }
}

export const command: Command = {
  name: "check",
  summary: "looks at a stack's values without Pulumi, and names every problem",
  usage,
  run,
};
