import { converse, Refused, type Conversation } from "./converse";
import { firstBootDialogue, installDialogue, type Step } from "./dialogue";
import type { DomainType, InstallPath, Phase } from "./dialogue";
import { BOOT_FAILURES, FIRST_BOOT_FAILURES, INSTALL_FAILURES } from "./fatalTexts";
import { Interrupted, withConsole, type SessionOptions } from "./session";

export interface InstallOptions extends SessionOptions {
  readonly type: DomainType;
  readonly path: InstallPath;
  /** A line the site set's rc.firsttime prints when the kernel is relinked; awaited when given. */
  readonly readyLine?: string;
}

export interface Installed {
  /** The guest's ED25519 host key, as `ssh-keygen -lf` prints it: SHA256:… */
  readonly fingerprint: string;
  /** Seconds by phase, rounded to tenths. */
  readonly seconds: Readonly<Record<Phase | "total", number>>;
}

/** The message says which step, what happened, the last screen, and what to do. */
export class InstallFailed extends Error {}

/** What has happened to the guest so far, for whoever has to clean up. */
interface Guest {
  /** We switched it on. */
  started: boolean;
  /** It runs our installer: nothing on it is worth keeping. */
  claimed: boolean;
}

/**
 * Installs OpenBSD on a domain with a blank disk and the install CD, and starts it for the first
 * time; at the end it runs and waits for a login. A domain that is running already must show the
 * installer's menu: an installed system is refused and left alone.
 *
 * When it fails or is interrupted (`signal`), the domain is stopped unless it was refused, and no
 * console stays open.
 * @throws InstallFailed, Interrupted
 */
export async function install(options: InstallOptions): Promise<Installed> {
  const { clock, domain, path, progress, transcript, type } = options;
  const guest: Guest = { started: false, claimed: false };
  const start = clock.now();
  transcript.note(`installation of ${domain.name}, path ${path}, type ${type}`);
  try {
    const installed = await runInstaller(options, guest);
    const booted = await firstBoot(options, guest);
    transcript.note(`installation of ${domain.name} ended well`);
    const { boot = 0, answers = 0, installation = 0, stop = 0 } = installed.seconds;
    const { firstBoot: first = 0 } = booted.seconds;
    const total = (clock.now() - start) / 1000;
    const phases = { boot, answers, installation, stop, firstBoot: first, total };
    return { fingerprint: booted.groups.fingerprint ?? "", seconds: inTenths(phases) };
  } catch (error) {
    throw await cleanUp(error, options, guest);
  } finally {
    progress.finish();
  }
}

async function runInstaller(options: InstallOptions, guest: Guest): Promise<Conversation> {
  const { domain, path, signal } = options;
  signal.throwIfAborted();
  let steps = installDialogue(path);
  const state = await domain.state();
  if (state === "shut off") {
    await domain.startPaused();
    guest.started = true;
  } else if (state !== "running" && state !== "paused") {
    throw new Error(`${domain.name} is ${state}: stop it (virsh destroy ${domain.name})`);
  } else if (path === "stock") {
    throw new Error(
      `${domain.name} is ${state}, but the loader's prompt only shows right after power-on: stop it first (virsh destroy ${domain.name})`,
    );
  } else {
    steps = knockFirst(steps);
  }
  const claim = async (step: Step): Promise<void> => {
    if (!step.claims) return;
    guest.claimed = true;
    await domain.stopAtReboot();
  };
  return withConsole(options, [...BOOT_FAILURES, ...INSTALL_FAILURES], (console) =>
    converse(steps, { ...options, console, onStep: claim }),
  );
}

/** The menu of a running guest was printed before we came: Return makes it ask again. */
function knockFirst([first, ...rest]: Step[]): Step[] {
  return first ? [{ ...first, send: "" }, ...rest] : [];
}

async function firstBoot(options: InstallOptions, guest: Guest): Promise<Conversation> {
  const { domain, readyLine, signal } = options;
  signal.throwIfAborted();
  await domain.startPaused();
  guest.started = true;
  return withConsole(options, FIRST_BOOT_FAILURES, (console) =>
    converse(firstBootDialogue(readyLine), { ...options, console }),
  );
}

async function cleanUp(
  error: unknown,
  { domain, progress, signal, transcript }: InstallOptions,
  guest: Guest,
): Promise<Error> {
  progress.finish();
  const interrupted = signal.aborted;
  const said = interrupted ? "interrupted" : error instanceof Error ? error.message : String(error);
  const lines = [`installation of ${domain.name}: ${said}`];
  if (guest.claimed || (guest.started && !(error instanceof Refused))) {
    lines.push(await stop());
    lines.push(
      "to resume: run pulumi up again; it blanks the disk and starts over. By hand: zero the first MiB of the disk, then run this again.",
    );
  } else {
    lines.push("The domain was left as it is.");
  }
  lines.push(`transcript: ${transcript.file}`);
  return interrupted
    ? new Interrupted(lines.join("\n"), { cause: error })
    : new InstallFailed(lines.join("\n"), { cause: error });

  async function stop(): Promise<string> {
    try {
      await domain.destroy();
      transcript.note(`${domain.name} was stopped: ${said.split("\n", 1)[0] ?? ""}`);
      return "The domain was stopped.";
    } catch (failure) {
      return `The domain could NOT be stopped: ${String(failure)}`;
    }
  }
}

function inTenths<Names extends string>(seconds: Record<Names, number>): Record<Names, number> {
  const rounded = Object.entries<number>(seconds).map(([name, value]) => [
    name,
    Math.round(value * 10) / 10,
  ]);
  return Object.fromEntries(rounded) as Record<Names, number>;
}
