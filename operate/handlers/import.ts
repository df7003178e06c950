import type { ImportDocument } from "../../contract/documents/declaration";
import { json } from "../json";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { formatProblem } from "../../config/problems";
import type { Daemon } from "../../config/schema";
import type { ConfFile } from "../../parse/bsdConf/statements";
import { today } from "../../workstation/today";
import { EXIT } from "../../contract/exit";
import { Refusal, type Io } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/import";
import { daemonOf, type Imported, importFiles, notUnderstood } from "../import";
import { formatNote } from "../import/note";
import { holdsPrivateKey, type OldFiles } from "../import/oldFiles";
import { setSecrets } from "../import/secrets";
import { stackYaml } from "../import/yaml";

export const run = implement(
  command,
  async ({ files: paths, daemon: asked, stack, "dry-run": dry, root, json: toJson }, io) => {
    const files = paths.map((path) => confFile(path, root));
    const daemon = chosenDaemon(asked, files);
    const imported = importFiles(daemon, files, { today: today(), old: oldFiles(paths, root) });
    const { tunnels, keys, problems } = imported;
    const kept = dry || keys.size === 0 ? [] : await setSecrets(keys, { stack, signal: io.signal });
    io.out(toJson ? asJson(imported) : stackYaml(imported));
    if (!toJson) say(imported, kept, dry, io);
    return tunnels.length > 0 && problems.length === 0 ? EXIT.ok : EXIT.failed;
  },
);

function chosenDaemon(asked: Daemon | undefined, files: readonly ConfFile[]): Daemon {
  if (asked !== undefined) return asked;
  const found = new Set(files.map(daemonOf).filter((daemon) => daemon !== undefined));
  const [daemon, other] = found;
  if (daemon === undefined) {
    const reasons = files.flatMap(notUnderstood);
    const more = reasons.slice(0, 10).map((reason) => `\n  ${reason}`);
    throw new Refusal(
      `no rule of ipsec.conf(5) or iked.conf(5) found: is it the right file?${more.join("")}`,
    );
  }
  if (other !== undefined) {
    throw new Refusal("the files are of both daemons, a gateway runs one: import them one by one");
  }
  return daemon;
}

function confFile(file: string, root: string | undefined): ConfFile {
  const text = read(file);
  if (text === undefined) throw new Refusal(`${file}: cannot be read`);
  if (holdsPrivateKey(text)) {
    throw new Refusal(`${file}: is a private key, which no import takes: delete the copy`);
  }
  // The file is often a copy, so that an absolute path means one on the old gateway.
  const readInclude = (path: string) => {
    const places = [...(root === undefined ? [path] : [join(root, path)])];
    const beside = join(dirname(file), basename(path));
    return readFound([...places, join(dirname(file), path), beside].find(existsSync));
  };
  return { file, text, readInclude };
}

/** The old gateway's /etc is in `root`, else where its configuration is. */
function oldFiles(paths: readonly string[], root: string | undefined): OldFiles {
  const folders = root === undefined ? [...new Set(paths.map(dirname))] : [join(root, "etc")];
  const places = (path: string) => folders.map((folder) => join(folder, path));
  return {
    find: (path) => places(path).find(existsSync),
    list: (path) => places(path).flatMap(filesIn),
    text: readFound,
  };
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(({ name }) => join(folder, name))
    .sort();
}

/** In bytes. A list of revoked certificates may have megabytes. */
const LARGEST_FILE = 16 * 1024 * 1024;

/** A file that the configuration names, not the operator: a device has no end, and a pipe no writer. */
function readFound(file: string | undefined): string | undefined {
  try {
    const about = file === undefined ? undefined : statSync(file);
    return file !== undefined && about?.isFile() && about.size <= LARGEST_FILE
      ? read(file)
      : undefined;
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function asJson({ daemon, settings, tunnels, keys, notes, problems }: Imported): string {
  const secrets = [...keys.keys()];
  const ike = { daemon, ...settings };
  return json<ImportDocument>({ ike, tunnels, secrets, notes, problems });
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
