import { spawn } from "node:child_process";
import { join } from "node:path";

/** The control socket of one site's charon. */
export class Swanctl {
  constructor(
    private readonly directory: string,
    private readonly socket: string,
  ) {}

  /** Reads every connection and secret anew; what did not change keeps its security associations. */
  async load(): Promise<void> {
    await this.run("--load-all", "--clear", "--file", join(this.directory, "swanctl.conf"));
  }

  async connections(): Promise<Set<string>> {
    return names(await this.run("--list-conns"));
  }

  async established(): Promise<Set<string>> {
    const lines = (await this.run("--list-sas")).split("\n");
    return names(lines.filter((line) => line.includes("ESTABLISHED")).join("\n"));
  }

  /** Says goodbye, but does not wait for an answer: the gateway may be gone. */
  async terminate(connection: string): Promise<void> {
    await this.run("--terminate", "--ike", connection, "--force", "--timeout", "5");
  }

  async initiate(connection: string, child: string): Promise<void> {
    await this.run("--initiate", "--ike", connection, "--child", child, "--timeout", "5");
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

// Both listings start the lines of a connection with its name, the details are indented.
function names(listing: string): Set<string> {
  return new Set([...listing.matchAll(/^([^\s:]+): /gm)].map((match) => match[1] ?? ""));
}

const lastLine = (output: string): string => output.trim().split("\n").at(-1) ?? "";
