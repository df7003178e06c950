import { virsh } from "./virsh";
import { openVirshConsole, type ConsoleLine } from "./virshConsole";

/** The guest, as far as an installation has to do with it. */
export interface Domain {
  readonly name: string;
  /** As `virsh domstate` names it: "running", "paused", "shut off", "crashed", … */
  readonly state: () => Promise<string>;
  /** Starts it with the processor halted, so that a console can be attached before the first byte. */
  readonly startPaused: () => Promise<void>;
  /** Lets a paused guest run. */
  readonly resume: () => Promise<void>;
  /** Makes the next reboot of this run a stop; the domain's definition is not touched. */
  readonly stopAtReboot: () => Promise<void>;
  /** Pulls the plug. No error when it is off already. */
  readonly destroy: () => Promise<void>;
  readonly openConsole: (onBytes: (bytes: string) => void) => Promise<ConsoleLine>;
}

/** A domain behind a libvirt URI, through virsh. */
export function virshDomain(uri: string, name: string): Domain {
  const run = (command: string, ...rest: string[]): Promise<string> =>
    virsh(uri, command, "--domain", name, ...rest);
  const state = (): Promise<string> => run("domstate");
  return {
    name,
    state,
    startPaused: async () => {
      await run("start", "--paused");
    },
    resume: async () => {
      await run("resume");
    },
    stopAtReboot: async () => {
      try {
        await run("set-lifecycle-action", "--type", "reboot", "--action", "destroy", "--live");
      } catch (error) {
        // Started with -no-reboot, it stops at a reboot anyway, and libvirt refuses to change that.
        if (!String(error).includes("-no-reboot")) throw error;
      }
    },
    destroy: async () => {
      try {
        await run("destroy");
      } catch (error) {
        if ((await state()) !== "shut off") throw error;
      }
    },
    openConsole: (onBytes) => openVirshConsole(uri, name, onBytes),
  };
}
