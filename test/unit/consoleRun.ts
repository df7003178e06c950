import type { InstallPath } from "../../contract/install";
import type { DomainType } from "../../contract/libvirt";
import { install, InstallFailed, type Installed } from "../../operate/console/install";
import { FakeClock } from "./consoleClock";
import { FakeGuest, type Behaviour } from "./consoleGuest";

/** One installation of a fake guest in fake time. */
export interface Run {
  readonly guest: FakeGuest;
  readonly clock: FakeClock;
  readonly said: () => string;
  readonly steps: string[];
  readonly stop: AbortController;
  readonly go: () => Promise<Installed>;
}

export function setUp(
  behaviour: Behaviour = {},
  path: InstallPath = "remastered",
  { type = "kvm" }: { type?: DomainType } = {},
): Run {
  const clock = new FakeClock();
  const guest = new FakeGuest(clock, behaviour, path);
  const stop = new AbortController();
  const steps: string[] = [];
  let said = "";
  const go = (): Promise<Installed> =>
    clock.run(
      install({
        domain: guest,
        clock,
        type,
        path,
        signal: stop.signal,
        progress: {
          begin: (step) => steps.push(step),
          heard: () => undefined,
          finish: () => undefined,
        },
        transcript: {
          file: "/tmp/transcript",
          write: (bytes) => (said += bytes),
          note: () => undefined,
          close: () => undefined,
        },
      }),
    );
  return { guest, clock, said: () => said, steps, stop, go };
}

/** The guest is off, nobody holds its console, and the message says so and how to go on. */
export async function failsCleanly(run: Run): Promise<string> {
  const error: unknown = await run.go().then(
    () => "it succeeded",
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InstallFailed);
  const { message } = error as Error;
  expect(run.guest.power).toBe("shut off");
  expect(run.guest.consolesOpen).toBe(0);
  expect(message).toContain("The domain was stopped.");
  expect(message).toContain("to resume:");
  expect(message).toContain("transcript: /tmp/transcript");
  return message;
}
