import { spawn } from "node:child_process";
import { join } from "node:path";

/** An IKE SA of a charon; the number is never used again. */
export interface IkeSa {
  readonly connection: string;
  readonly id: string;
  readonly state: string;
}

/** The control socket of one site's charon. */
export class Swanctl {
  constructor(
    private readonly directory: string,
    private readonly socket: string,
  ) {}

  /** Reads every connection and secret anew; what did not change keeps its SAs. */
  async load(): Promise<void> {
    await this.run("--load-all", "--clear", "--file", join(this.directory, "swanctl.conf"));
  }

  async connections(): Promise<Set<string>> {
    // A connection's line starts with its name, its details are indented.
    const lines = (await this.run("--list-conns")).matchAll(/^([^\s:]+): /gm);
    return new Set([...lines].map(([, connection = ""]) => connection));
  }

  async established(): Promise<Set<string>> {
    const sas = await this.ikeSas();
    return new Set(
      sas.filter(({ state }) => state === "ESTABLISHED").map(({ connection }) => connection),
    );
  }

  /** Whether an IKE negotiation is under way, ours or one whose connection is not known yet. */
  async negotiating(): Promise<boolean> {
    return (await this.ikeSas()).some(({ state }) => state === "CONNECTING");
  }

  /** Says goodbye, but does not wait for an answer: the gateway may be gone. */
  async terminate(id: string): Promise<void> {
    await this.run("--terminate", "--ike-id", id, "--force", "--timeout", "5");
  }

  async initiate(connection: string, child: string): Promise<void> {
    await this.run("--initiate", "--ike", connection, "--child", child, "--timeout", "5");
  }

  async ikeSas(): Promise<IkeSa[]> {
    const lines = (await this.run("--list-sas")).matchAll(/^([^\s:]+): #(\d+), ([A-Z]+),/gm);
    return [...lines].map(([, connection = "", id = "", state = ""]) => ({
      connection,
      id,
      state,
    }));
  }

  private run(...args: string[]): Promise<string> {
    const child = spawn(
      join(__dirname, "../lib/unconfined"),
      ["swanctl", ...args, "--uri", `unix://${this.socket}`],
      {
        env: {
          PATH: process.env.PATH,
          STRONGSWAN_CONF: join(this.directory, "strongswan.conf"),
          SWANCTL_DIR: this.directory,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let output = "";
    let errors = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => {
        if (status === 0) resolve(output);
        else reject(new Error(`swanctl ${args[0] ?? ""} failed: ${lastLine(errors || output)}`));
      });
    });
  }
}

const lastLine = (output: string): string => output.trim().split("\n").at(-1) ?? "";
