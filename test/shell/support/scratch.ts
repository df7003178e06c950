import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gwctlScript } from "../../../components/openbsd/gwctlScript";
import { IKED_KEY } from "./texts";

const FAKES = path.resolve(__dirname, "../fakes");
const DEAF = path.join(FAKES, "deaf");

/** Commands that change something; between two of them a crash makes no difference. */
const STEPS = [
  ..."mkdir ln rm mv cp chmod chown sh rcctl ikectl ipsecctl pfctl".split(" "),
  ..."sysctl pkg_add pkg_delete syspatch sysupgrade sysmerge shutdown".split(" "),
];

const HASTY = `
sleep() { case $1 in (*.*) command sleep "0.0\${1#*.}" ;; (*) command sleep "0.$1" ;; esac; }
`;

export interface Run {
  /** Null when a signal ended it. */
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface Options {
  input?: string;
  env?: Record<string, string>;
  /** Kill the run just before its nth command that changes something. */
  killAt?: number;
  /** timeout(1) does not notice the end of its command by itself. */
  deaf?: boolean;
}

/** gwctl is a ksh script; without a ksh there is nothing to test, and that must be seen. */
export function describeShell(name: string, tests: () => void): void {
  const found = spawnSync("mksh", ["-c", ":"]).status === 0;
  if (!found) console.warn(`SKIPPED ${name}: no mksh; apt-get install mksh`);
  (found ? describe : describe.skip)(name, tests);
}

/** A gateway in a directory: its files under `root`, fake daemons with their state in `fake`. */
export class Scratch {
  readonly base = fs.mkdtempSync(path.join(os.tmpdir(), "gwctl-"));
  readonly root = path.join(this.base, "root");
  readonly fake = path.join(this.base, "fake");
  private readonly script = path.join(this.base, "gwctl");
  private readonly steps = path.join(this.base, "steps");
  /** Sessions that may have left a dead-man behind. */
  private readonly sessions: number[] = [];

  /** Hasty: gwctl sleeps for a tenth of its seconds, for tests whose runs often wait for each other. */
  constructor({ hasty = false } = {}) {
    for (const dir of [`${this.root}/etc/iked`, `${this.root}/var/run`, this.fake, this.steps]) {
      fs.mkdirSync(dir, { recursive: true });
    }
    for (const name of STEPS) fs.symlinkSync(path.join(FAKES, "step"), path.join(this.steps, name));
    this.fakeFile("calls", "");
    this.write("etc/iked/private/local.key", IKED_KEY);
    fs.writeFileSync(this.script, hasty ? gwctlScript().replace("\n", HASTY) : gwctlScript());
  }

  run(args: string, options: Options = {}): Run {
    if (options.killAt !== undefined) this.count();
    const { pid, status, stdout, stderr } = spawnSync("setsid", this.words(args), {
      env: this.env(options),
      input: options.input ?? "",
      encoding: "utf8",
      timeout: 60_000,
    });
    if (/^(pf|sshd|reboot) /.test(args)) this.sessions.push(pid);
    return { status, stdout, stderr };
  }

  /** A run that has to end well, and to say nothing of an error: what it says. */
  ok(args: string, input = ""): string {
    const done = this.run(args, { input });
    expect(done).toMatchObject({ status: 0, stderr: "" });
    return done.stdout;
  }

  /** The same as `run`, without waiting for it. What would kill it is not counted before `count`. */
  start(args: string, options: Options = {}): { pid: number; done: Promise<Run> } {
    const child = spawn("setsid", this.words(args), { env: this.env(options) });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (data: Buffer) => (output.stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (output.stderr += data.toString()));
    child.stdin.end(options.input ?? "");
    const done = new Promise<Run>((resolve) => {
      child.on("close", (status) => {
        resolve({ status, ...output });
      });
    });
    return { pid: child.pid ?? 0, done };
  }

  /** The command that runs it, for where gwctl itself or another program does. */
  gwctl(): string {
    return `mksh ${this.script}`;
  }

  private words(args: string): string[] {
    return [
      "mksh",
      this.script,
      ...(args.match(/'[^']*'|\S+/g) ?? []).map((w) => w.replaceAll("'", "")),
    ];
  }

  private env({ env, killAt, deaf }: Options): NodeJS.ProcessEnv {
    const system = process.env.PATH ?? "";
    return {
      PATH: [
        ...(killAt === undefined ? [] : [this.steps]),
        ...(deaf ? [DEAF] : []),
        FAKES,
        system,
      ].join(":"),
      GWCTL_ROOT: this.root,
      FAKE: this.fake,
      ...(killAt === undefined ? {} : { KILL_AT: String(killAt) }),
      ...env,
    };
  }

  /** A file of the gateway; undefined when there is none. */
  read(name: string): string | undefined {
    return this.slurp(path.join(this.root, name));
  }

  write(name: string, text: string, mode = 0o600): void {
    const file = path.join(this.root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    fs.chmodSync(file, mode);
  }

  /** Makes a file look as if it was last written that many seconds ago. */
  age(name: string, seconds: number): void {
    const then = Date.now() / 1000 - seconds;
    fs.utimesSync(path.join(this.root, name), then, then);
  }

  remove(name: string): void {
    fs.rmSync(path.join(this.root, name), { force: true });
  }

  exists(name: string): boolean {
    return fs.existsSync(path.join(this.root, name));
  }

  mode(name: string): string {
    return (fs.statSync(path.join(this.root, name)).mode & 0o7777).toString(8);
  }

  /** The names in a directory, but for iked's `private`, which the system makes. */
  list(dir: string): string[] {
    const names = fs.readdirSync(path.join(this.root, dir)).sort();
    return names.filter((name) => name !== "private");
  }

  /** A file of the fakes' state. */
  fakeRead(name: string): string {
    return this.slurp(path.join(this.fake, name)) ?? "";
  }

  fakeExists(name: string): boolean {
    return fs.existsSync(path.join(this.fake, name));
  }

  fakeFile(name: string, text: string | undefined): void {
    const file = path.join(this.fake, name);
    if (text === undefined) fs.rmSync(file, { force: true });
    else fs.writeFileSync(file, text);
  }

  /** Begins to count the commands that change something, of a run that one of them is to end. */
  count(): void {
    fs.rmSync(path.join(this.fake, "killed"), { recursive: true, force: true });
    this.fakeFile("steps", "");
  }

  /** What was written to a file that stands for the console. */
  console(file: string): string {
    return this.slurp(file) ?? "";
  }

  /** How the fakes were called since the last time of asking. */
  calls(): string[] {
    spawnSync(path.join(FAKES, "drained"), { env: this.env({}) });
    const lines = this.fakeRead("calls").split("\n").filter(Boolean);
    this.fakeFile("calls", "");
    return lines.map((line) => line.replaceAll(this.root, ""));
  }

  dispose(): void {
    const isakmpd = Number(this.fakeRead("running.isakmpd"));
    if (isakmpd > 0) process.kill(isakmpd);
    this.endDeadMen();
    fs.rmSync(this.base, { recursive: true, force: true });
  }

  /** Ends what runs of pf, sshd and reboot left in the background, as a crash would. */
  endDeadMen(): void {
    for (const session of this.sessions.splice(0)) {
      try {
        process.kill(-session, "SIGKILL");
      } catch {
        // Nothing was left.
      }
    }
  }

  private slurp(file: string): string | undefined {
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
  }
}
