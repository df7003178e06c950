import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { formatProblem } from "../../config/problems";
import type { Daemon } from "../../config/schema";
import type { ConfFile } from "../../parse/bsdConf/statements";
import { EXIT, Refusal, UsageError, type Command, type Io } from "../command";
import { daemonOf, type Imported, importFiles } from "../import";
import { formatNote } from "../import/note";
import { setSecrets } from "../import/secrets";
import { stackYaml } from "../import/yaml";

const usage = `usage: ./scripts/gateway import FILE… [OPTION…]

Reads an existing ipsec.conf or iked.conf with its macros and includes, and prints the tunnels for
the stack's file. Every line that is left out or changed is named on standard error, with the reason
and what to do. The pre-shared keys go into the stack's secret configuration, never to the screen.

  --daemon iked|isakmpd  whose file it is (default: told by its rules)
  --stack NAME           the stack that gets the keys (default: the selected one)
  --dry-run              only print: no key is set
  --root DIR             a copy of the old gateway's files, where its includes are looked up
  --json                 {ike, tunnels, secrets, notes, problems} instead of YAML; no key in it

A key that the stack has already stays. What the stack would still refuse is said at the end.

Examples:
  ./scripts/gateway import /etc/iked.conf --dry-run
  ./scripts/gateway import --root old-gateway old-gateway/etc/ipsec.conf --stack prod >tunnels.yaml

Exit status: 0 imported, 1 nothing imported or the stack would refuse it, 64 called wrongly.
`;

const options = {
  daemon: { type: "string" },
  stack: { type: "string" },
  "dry-run": { type: "boolean" },
  root: { type: "string" },
  json: { type: "boolean" },
} as const;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  if (positionals.length === 0) throw new UsageError("name the ipsec.conf or iked.conf to import");
  const files = positionals.map((file) => confFile(file, values.root));
  const daemon = chosenDaemon(values.daemon, files);
  const imported = importFiles(daemon, files, new Date().toISOString().slice(0, 10));
  const { tunnels, keys, problems } = imported;
  const kept =
    values["dry-run"] || keys.size === 0
      ? []
      : await setSecrets(keys, { stack: values.stack, signal: io.signal });
  io.out(values.json ? asJson(imported) : stackYaml(imported));
  if (!values.json) say(imported, kept, values["dry-run"] ?? false, io);
  return tunnels.length > 0 && problems.length === 0 ? EXIT.ok : EXIT.failed;
}

function chosenDaemon(asked: string | undefined, files: readonly ConfFile[]): Daemon {
  if (asked === "iked" || asked === "isakmpd") return asked;
  if (asked !== undefined) throw new UsageError(`--daemon ${asked}: write iked or isakmpd`);
  const found = new Set(files.map(daemonOf).filter((daemon) => daemon !== undefined));
  const [daemon, other] = found;
  if (daemon === undefined) {
    throw new Refusal("no rule of ipsec.conf(5) or iked.conf(5) found: is it the right file?");
  }
  if (other !== undefined) {
    throw new Refusal("the files are of both daemons, a gateway runs one: import them one by one");
  }
  return daemon;
}

function confFile(file: string, root: string | undefined): ConfFile {
  const text = read(file);
  if (text === undefined) throw new Refusal(`${file}: cannot be read`);
  // The file is often a copy, so that an absolute path means one on the old gateway.
  const readInclude = (path: string) => {
    const places = [...(root === undefined ? [path] : [join(root, path)])];
    const beside = join(dirname(file), basename(path));
    return read([...places, join(dirname(file), path), beside].find(existsSync));
  };
  return { file, text, readInclude };
}

function read(file: string | undefined): string | undefined {
  try {
    return file === undefined ? undefined : readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function asJson({ daemon, settings, tunnels, keys, notes, problems }: Imported): string {
  const secrets = [...keys.keys()];
  const ike = { daemon, ...settings };
  return `${JSON.stringify({ ike, tunnels, secrets, notes, problems }, null, 2)}\n`;
}

function say(imported: Imported, kept: readonly string[], dry: boolean, io: Io): void {
  const { tunnels, keys, notes, problems } = imported;
  for (const note of notes) io.err(`${formatNote(note)}\n`);
  for (const name of kept) {
    io.err(`${name}: kept: set already: pulumi config rm ${name}, and import again\n`);
  }
  if (problems.length > 0) io.err("the stack would still refuse:\n");
  for (const problem of problems) io.err(`${formatProblem(problem)}\n`);
  const set = keys.size - kept.length;
  const secrets = dry ? `${count(keys.size, "key")} to set` : `${count(set, "key")} set as secret`;
  io.err(`${count(tunnels.length, "tunnel")}, ${secrets}, ${count(notes.length, "note")}\n`);
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;

export const command: Command = {
  name: "import",
  summary: "turns an existing ipsec.conf or iked.conf into the stack's tunnels",
  usage,
  run,
};
