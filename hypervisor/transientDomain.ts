import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConsoleLine, openVirshConsole } from "./console";
import { ofDomain } from "./domain";
import { holdDomain, type Hold } from "./hold";
import { virsh } from "./virsh";

/** The guest, as far as an installation has to do with it. */
export interface Domain {
  readonly name: string;
  /** As `virsh domstate` names it: "running", "paused", …; "shut off" when there is none. */
  readonly state: () => Promise<string>;
  /** Starts it with the processor halted, so that a console can be attached before the first byte. */
  readonly startPaused: () => Promise<void>;
  /** Lets a paused guest run. */
  readonly resume: () => Promise<void>;
  /** Pulls the plug. No error when it is off already. */
  readonly destroy: () => Promise<void>;
  readonly openConsole: (onBytes: (bytes: string) => void) => Promise<ConsoleLine>;
}

/** A domain that exists while it runs, and no longer than we do. */
export interface TransientDomain extends Domain {
  /** Ends the connection that keeps it; stops it if it still runs. */
  readonly release: () => Promise<void>;
}

/**
 * A domain made from its definition when it is started. libvirt ends it with the connection that
 * started it, so not even a killed operator's machine leaves one running.
 */
export function transientDomain(uri: string, name: string, xml: string): TransientDomain {
  const run = (command: string, ...rest: string[]): Promise<string> =>
    virsh(uri, command, "--domain", name, ...rest);
  let hold: Hold | undefined;
  const state = async (): Promise<string> => (await ofDomain(uri, "domstate", name)) ?? "shut off";
  // libvirt shows a domain a moment before its console can be opened.
  const hasConsole = async (): Promise<boolean> => {
    try {
      return (await run("ttyconsole")) !== "";
    } catch {
      return false;
    }
  };
  return {
    name,
    state,
    startPaused: async () => {
      const scratch = await mkdtemp(join(tmpdir(), "gateway-domain-"));
      try {
        const file = join(scratch, "domain.xml");
        await writeFile(file, xml);
        hold = await holdDomain(uri, file, hasConsole);
      } finally {
        await rm(scratch, { recursive: true });
      }
    },
    resume: async () => {
      await run("resume");
    },
    destroy: async () => {
      try {
        await run("destroy");
      } catch (error) {
        if ((await state()) !== "shut off") throw error;
      }
    },
    openConsole: (onBytes) => openVirshConsole(uri, name, onBytes),
    release: async () => {
      await hold?.release();
    },
  };
}
