import { isolatedXml, type IsolatedMachine } from "../../../render/isolatedXml";
import { HOST_KEY_MARK } from "../../../render/siteSet";
import { Refusal, type Io } from "../../command";
import { systemClock } from "../../console/clock";
import { converse, StepFailed } from "../../console/converse";
import type { Step } from "../../console/dialogue";
import { transientDomain } from "../../../hypervisor/transientDomain";
import { BOOT_FAILURES } from "../../console/fatalTexts";
import { showProgress } from "../../console/progress";
import { withConsole } from "../../console/session";
import { defaultTranscript, openTranscript } from "../../console/transcript";

export interface Worked {
  readonly groups: Readonly<Record<string, string>>;
  /** Everything the console said, a file (0600). */
  readonly transcript: string;
}

const OFF: Step = {
  name: "power off",
  phase: "stop",
  expect: "stop",
  seconds: { kvm: 120, qemu: 300 },
  hint: "look at the transcript; a daemon that does not stop holds it up",
};

/** A copy takes what belongs to the first gateway off its disk. */
export const SEAL: readonly Step[] = [
  {
    name: "seal the copy",
    phase: "boot",
    expect: /gwctl: seal: done: (?<files>\d+) files[^\n]*\n/,
    // It writes over all of its free space.
    seconds: { kvm: 1800, qemu: 3600 },
    hint: "the first gateway has to be one that this stack has set up: its gwctl does it",
    refuse: [
      {
        pattern: /gwctl: seal: failed: [^\n]*\n/,
        means: "the copy could not be sealed",
        fix: "see the line above; the copy is removed, the first gateway was not changed",
      },
    ],
  },
  OFF,
];

/** A sealed disk gets an identity of its own. */
export const IDENTIFY: readonly Step[] = [
  {
    name: "give the copy its identity",
    phase: "boot",
    expect: new RegExp(`${HOST_KEY_MARK} (?<hostKey>ssh-ed25519 [A-Za-z0-9+/=]+)[^\\n]*\\n`),
    seconds: { kvm: 600, qemu: 1200 },
    hint: "the disk has to be one that was sealed: what it holds is asked for by `gwctl identity`",
    refuse: [
      {
        pattern: /gwctl: identity: (?:failed|this disk is sealed)[^\n]*\n/,
        means: "the copy did not take its identity",
        fix: "see the lines above; run again",
      },
    ],
  },
  OFF,
];

/**
 * Lets a machine without a network do its work on its disk, until it has powered off. It exists no
 * longer than this process.
 *
 * @throws Refusal if it does not say that it is done
 */
export async function letWork(
  uri: string,
  machine: IsolatedMachine,
  steps: readonly Step[],
  io: Io,
): Promise<Worked> {
  const file = defaultTranscript(machine.name);
  const transcript = openTranscript(file, () => new Date());
  const domain = transientDomain(uri, machine.name, isolatedXml(machine));
  const columns = io.terminal ? process.stderr.columns : undefined;
  const progress = showProgress({ clock: systemClock, write: io.err, columns });
  const { signal } = io;
  try {
    await domain.startPaused();
    const options = { domain, clock: systemClock, transcript, progress, signal };
    const { groups } = await withConsole(options, BOOT_FAILURES, (console) =>
      converse(steps, { ...options, console, type: machine.domainType }),
    );
    return { groups, transcript: file };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StepFailed) throw new Refusal(`${error.message}\ntranscript: ${file}`);
    throw error;
  } finally {
    progress.finish();
    await domain.destroy().catch(() => undefined);
    await domain.release();
    transcript.close();
  }
}
