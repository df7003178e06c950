// A real sshd of the test's own: on loopback, on a free port, with keys that live as long as the test.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const program = "/usr/sbin/sshd";

/** Why no sshd can be started here, or undefined. */
export const whyNoSshd = existsSync(program)
  ? process.getuid?.() === 0
    ? undefined
    : "sshd needs root"
  : `${program} is missing: apt-get install openssh-server`;

export interface Sshd {
  port: number;
  user: string;
  /** authorized_keys format. */
  hostKey: string;
  privateKey: string;
  /** A host key that this server does not have. */
  otherHostKey: string;
  directory: string;
  /** Starts a second server with the same keys. */
  twin(port: number): Promise<Sshd>;
  stop(): Promise<void>;
}

/** @param settings further lines of sshd_config */
export async function startSshd(settings: readonly string[] = []): Promise<Sshd> {
  const directory = mkdtempSync(join(tmpdir(), "contract-sshd-"));
  const sshd = await start(directory, await freePort(), settings);
  const stop = async () => {
    await sshd.stop();
    rmSync(directory, { recursive: true });
  };
  return { ...sshd, stop };
}

async function start(directory: string, port: number, settings: readonly string[]): Promise<Sshd> {
  const key = (name: string) => {
    const file = join(directory, name);
    if (!existsSync(file))
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file]);
    return {
      private: readFileSync(file, "utf8"),
      public: readFileSync(`${file}.pub`, "utf8").trim(),
    };
  };
  const host = key("host");
  const user = key("user");
  const other = key("other");
  writeFileSync(join(directory, "authorized_keys"), `${user.public}\n`, { mode: 0o600 });
  const config = join(directory, `sshd_config.${port}`);
  writeFileSync(
    config,
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${join(directory, "host")}`,
      `AuthorizedKeysFile ${join(directory, "authorized_keys")}`,
      "PidFile none",
      "PermitRootLogin yes",
      "StrictModes no",
      "UsePAM no",
      "MaxStartups 100",
      ...settings,
      "",
    ].join("\n"),
  );
  // The directory sshd is compiled to change its root to; packages make it at boot only.
  mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const child = spawn(program, ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
  await listening(child);
  return {
    port,
    user: userInfo().username,
    hostKey: host.public,
    privateKey: user.private,
    otherHostKey: other.public,
    directory,
    twin: (port) => start(directory, port, settings),
    stop: async () => {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address && typeof address === "object") resolve(address.port);
        else reject(new Error("no free port"));
      });
    });
  });
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes("Server listening")) resolve();
    });
    child.once("close", (code) => {
      reject(new Error(`sshd ended with ${String(code)}: ${log}`));
    });
  });
}
