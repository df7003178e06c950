import { converse } from "./converse";
import { installDialogue } from "./dialogue";
import type { InstallPath } from "../../contract/install";
import type { DomainType } from "../../contract/libvirt";
import type { Phase } from "./dialogue";
import { BOOT_FAILURES, INSTALL_FAILURES } from "./fatalTexts";
import { Interrupted, withConsole, type SessionOptions } from "./session";

export interface InstallOptions extends SessionOptions {
  readonly type: DomainType;
  readonly path: InstallPath;
}

export interface Installed {
  /** The gateway's host key, `ssh-ed25519 AAAA…`, as the installer told it on the console. */
  readonly hostKey: string;
  /** Seconds by phase, rounded to tenths. */
  readonly seconds: Readonly<Record<Phase | "total", number>>;
}

/** The message says which step, what happened, the last screen, and what to do. */
export class InstallFailed extends Error {}

/**
 * Runs OpenBSD's installer on a domain that is off, over its console, until it has stopped by itself.
 * When it fails or is interrupted (`signal`), the domain is stopped, and no console stays open.
 * @throws InstallFailed, Interrupted
 */
export async function install(options: InstallOptions): Promise<Installed> {
  const { clock, domain, path, progress, signal, transcript, type } = options;
  const start = clock.now();
  transcript.note(`installation of ${domain.name}, path ${path}, type ${type}`);
  try {
    signal.throwIfAborted();
    await domain.startPaused();
    const { seconds, groups } = await withConsole(
      options,
      [...BOOT_FAILURES, ...INSTALL_FAILURES],
      (console) => converse(installDialogue(path), { ...options, console }),
    );
    transcript.note(`installation of ${domain.name} ended well`);
    const { boot = 0, answers = 0, installation = 0, stop = 0 } = seconds;
    const total = (clock.now() - start) / 1000;
    const phases = { boot, answers, installation, stop, total };
    return { hostKey: groups.hostKey ?? "", seconds: inTenths(phases) };
  } catch (error) {
    throw await cleanUp(error, options);
  } finally {
    progress.finish();
  }
}

async function cleanUp(
  error: unknown,
  { domain, progress, signal, transcript }: InstallOptions,
): Promise<Error> {
  progress.finish();
  const interrupted = signal.aborted;
  const said = interrupted ? "interrupted" : error instanceof Error ? error.message : String(error);
  const lines = [`installation of ${domain.name}: ${said}`];
  try {
    await domain.destroy();
    transcript.note(`${domain.name} was stopped: ${said.split("\n", 1)[0] ?? ""}`);
    lines.push("The domain was stopped.");
  } catch (failure) {
    lines.push(`The domain could NOT be stopped: ${String(failure)}`);
  }
  lines.push("to resume: run pulumi up again; it blanks the disk and starts over.");
  lines.push(`transcript: ${transcript.file}`);
  return interrupted
    ? new Interrupted(lines.join("\n"), { cause: error })
    : new InstallFailed(lines.join("\n"), { cause: error });
}

/** Seconds with one decimal place. */
export function inTenths<Names extends string>(
  seconds: Record<Names, number>,
): Record<Names, number> {
  const rounded = Object.entries<number>(seconds).map(([name, value]) => [
    name,
    Math.round(value * 10) / 10,
  ]);
  return Object.fromEntries(rounded) as Record<Names, number>;
}
