import type { Clock } from "../../operate/console/clock";
import type { Domain } from "../../hypervisor/transientDomain";
import type { ConsoleLine } from "../../hypervisor/console";

export const HOST_KEY = `ssh-ed25519 AAAAC3Nz${"abcDEF0123+/".repeat(5)}`;

/** How this guest differs from one that installs without trouble. */
export interface Behaviour {
  /** Splits what the guest sends; each number is the size of one chunk, used in turn. */
  readonly chunks?: readonly number[];
  /** The guest falls silent instead of printing this text. */
  readonly silentAt?: string;
  /** Printed by the installer in place of its success. */
  readonly installerSays?: string;
  /** Printed by the firmware in place of booting. */
  readonly firmwareSays?: string;
  /** Which of the keys typed to the loader on its serial port never arrive, from 0. */
  readonly lostKeys?: readonly number[];
  /** The shell command that contains this ends with status 1. */
  readonly failing?: string;
  /** The console connection breaks when this text has been printed; the guest goes on. */
  readonly cutAfter?: string;
  /** The power fails when this text has been printed. */
  readonly powerFailsAfter?: string;
  /** What an installed guest does at the end of the installation. */
  readonly atReboot?: "stop" | "restart" | "hang";
  /** Milliseconds per chunk; 40 unless told. */
  readonly pace?: number;
}

const SEABIOS = "\x1bc\x1b[?7l\x1b[2J\x1b[0mSeaBIOS (version 1.16.2)\r\n";
const MENU = "(I)nstall, (U)pgrade, (A)utoinstall or (S)hell? ";
const CONGRATULATIONS =
  "CONGRATULATIONS! Your OpenBSD install has been successfully completed!\r\n";

class PowerOff extends Error {}

/**
 * A domain with an OpenBSD-like guest: echoes what is typed, character by character, redraws long
 * lines like ksh's editor does, prints slowly. What nobody is attached for is lost.
 */
export class FakeGuest implements Domain {
  readonly name = "gw-test";
  power: "shut off" | "paused" | "running" = "shut off";
  readonly calls: string[] = [];
  consolesOpen = 0;
  private attached: { onBytes: (bytes: string) => void; hangUp: () => void } | undefined;
  private typed = "";
  private wake: () => void = () => undefined;
  private output = "";
  private printed = "";
  private turn = 0;
  private keysOnPort: number | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly behaviour: Behaviour = {},
    private readonly path: "remastered" | "stock" = "remastered",
  ) {}

  readonly state = (): Promise<string> => Promise.resolve(this.power);

  startPaused = (): Promise<void> => {
    this.calls.push("start");
    this.power = "paused";
    return Promise.resolve();
  };

  readonly resume = (): Promise<void> => {
    this.calls.push("resume");
    this.switchOn();
    return Promise.resolve();
  };

  destroy = (): Promise<void> => {
    this.calls.push("destroy");
    this.switchOff();
    return Promise.resolve();
  };

  openConsole = (onBytes: (bytes: string) => void): Promise<ConsoleLine> => {
    this.calls.push("console");
    if (this.power === "shut off") return Promise.reject(new Error("the domain is not running"));
    this.consolesOpen += 1;
    let hangUp = (): void => undefined;
    const closed = new Promise<undefined>((resolve) => {
      hangUp = () => {
        this.attached = undefined;
        this.consolesOpen -= 1;
        resolve(undefined);
      };
    });
    this.attached = { onBytes, hangUp };
    return Promise.resolve({
      closed,
      write: (text: string) => {
        this.typed += text;
        this.wake();
      },
      close: () => {
        if (this.attached) hangUp();
        return Promise.resolve();
      },
    });
  };

  private switchOn(): void {
    this.power = "running";
    this.installer().catch((error: unknown) => {
      if (!(error instanceof PowerOff)) throw error;
    });
  }

  private switchOff(): void {
    this.power = "shut off";
    this.typed = "";
    this.wake();
    this.attached?.hangUp();
  }

  private async installer(): Promise<void> {
    await this.print(SEABIOS);
    if (this.behaviour.firmwareSays) return this.print(this.behaviour.firmwareSays);
    if (this.path === "stock") await this.loader();
    await this.print("OpenBSD 7.9 (RAMDISK_CD) #0\r\nsd0: 20480MB\r\n");
    await this.print("Welcome to the OpenBSD/amd64 7.9 installation program.\r\n");
    do await this.print(MENU);
    while ((await this.readLine()) !== "s");
    for (;;) {
      await this.print("# ");
      const line = await this.readLine(true);
      if (line === "/autoinstall") return this.autoinstall();
      await this.shell(line);
    }
  }

  private async loader(): Promise<void> {
    await this.print(">> OpenBSD/amd64 CDBOOT 3.67\r\n");
    for (;;) {
      await this.print("boot> ");
      const line = await this.readLine();
      if (line === "boot") {
        this.keysOnPort = undefined;
        return this.print("booting cd0a:/7.9/amd64/bsd.rd: 3924676+1647616\r\n");
      }
      if (line === "set tty com0") {
        this.keysOnPort = 0;
        await this.print("switching console to com0\r\n>> OpenBSD/amd64 CDBOOT 3.67\r\n");
      }
    }
  }

  private async shell(line: string): Promise<void> {
    const mark = /; echo ([\w-]+)=\$\?$/.exec(line)?.[1];
    const failed = this.behaviour.failing !== undefined && line.includes(this.behaviour.failing);
    if (failed) await this.print("mount_cd9660: Device not configured\r\n");
    if (mark) await this.print(`${mark}=${failed ? 1 : 0}\r\n`);
  }

  private async autoinstall(): Promise<void> {
    await this.print(
      "Performing non-interactive installation...\r\nTerminal type? [vt220] vt220\r\n",
    );
    for (const done of [" 10%", " 60%", "100%"])
      await this.print(`\rInstalling base79.tgz ${done}`);
    await this.print("\r\n");
    if (this.behaviour.installerSays) return this.print(this.behaviour.installerSays);
    await this.print(`gateway-host-key: ${HOST_KEY}\r\n`);
    await this.print(CONGRATULATIONS);
    if (this.behaviour.atReboot === "hang") return this.print("syncing disks...");
    await this.print("rebooting...\r\n");
    if (this.behaviour.atReboot === "restart") return this.installedSystem();
    this.switchOff();
  }

  private async installedSystem(): Promise<void> {
    await this.print(SEABIOS);
    await this.print("OpenBSD 7.9 (GENERIC.MP) #0\r\nopenssl: generating isakmpd RSA keys\r\n");
    await this.print("\r\nOpenBSD/amd64 (gw.example.net) (tty00)\r\n\r\nlogin: ");
    for (;;) {
      await this.readLine();
      await this.print("login: ");
    }
  }

  private async print(text: string): Promise<void> {
    const { silentAt, cutAfter, powerFailsAfter } = this.behaviour;
    if (silentAt !== undefined && text.includes(silentAt)) await new Promise(() => undefined);
    this.output += text;
    this.printed += text;
    while (this.output !== "") {
      await new Promise<void>((resolve) => this.clock.after(this.behaviour.pace ?? 40, resolve));
      if (this.power !== "running") throw new PowerOff();
      const sizes = this.behaviour.chunks ?? [1000];
      const size = sizes[this.turn % sizes.length] ?? 1;
      this.turn += 1;
      this.attached?.onBytes(this.output.slice(0, size));
      this.output = this.output.slice(size);
    }
    if (cutAfter !== undefined && this.happened(cutAfter)) this.attached?.hangUp();
    if (powerFailsAfter !== undefined && this.happened(powerFailsAfter)) {
      this.switchOff();
      throw new PowerOff();
    }
  }

  private happened(text: string): boolean {
    if (!this.printed.includes(text)) return false;
    this.printed = "";
    return true;
  }

  private lost(): boolean {
    if (this.keysOnPort === undefined) return false;
    this.keysOnPort += 1;
    return this.behaviour.lostKeys?.includes(this.keysOnPort - 1) === true;
  }

  /** One typed line; `editor` redraws the line once it gets long, as ksh's emacs mode does. */
  private async readLine(editor = false): Promise<string> {
    let line = "";
    for (;;) {
      while (this.typed === "") {
        await new Promise<void>((resolve) => (this.wake = resolve));
        if (this.power !== "running") throw new PowerOff();
      }
      const char = this.typed.slice(0, 1);
      this.typed = this.typed.slice(1);
      if (this.lost()) continue;
      if (char === "\r") {
        await this.print("\r\n");
        return line;
      }
      line += char;
      const redraw = editor && line.length === 30;
      await this.print(redraw ? `\r# ${line.slice(20)}${" ".repeat(40)}<\r# ${line}` : char);
    }
  }
}
