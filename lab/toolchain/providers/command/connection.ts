// Opening an SSH connection as the input `connection` says: which key the host must have, how to log in, through whom.
import { createHash } from "node:crypto";
import { connect as connectSocket, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { Client, type ConnectConfig, type ServerHostKeyAlgorithm, utils } from "ssh2";
import type { Context, Failure } from "../core/resourceType";
import { withRetry } from "./retry";

/** Times in seconds; hostKey in authorized_keys format; keys as the text of a PEM or OpenSSH file. */
export interface Endpoint {
  host: string;
  port?: number;
  user?: string;
  privateKey?: string;
  privateKeyPassword?: string;
  password?: string;
  agentSocketPath?: string;
  dialErrorLimit?: number;
  perDialTimeout?: number;
  hostKey?: string;
}

export interface Connection extends Endpoint {
  proxy?: Endpoint;
}

/** Every field of an endpoint; anything else is refused without showing it, since it may be a misspelt key. */
export const endpointFields = [
  "agentSocketPath",
  "dialErrorLimit",
  "host",
  "hostKey",
  "password",
  "perDialTimeout",
  "port",
  "privateKey",
  "privateKeyPassword",
  "user",
] as const satisfies (keyof Endpoint)[];

/** What is wrong with a connection whose values are all known; names fields, never shows values. */
export function checkConnection(connection: Record<string, unknown>): Failure[] {
  const { proxy, ...endpoint } = connection;
  return [
    ...checkEndpoint("connection", endpoint),
    ...(proxy ? checkEndpoint("connection.proxy", proxy as Record<string, unknown>) : []),
  ];
}

function checkEndpoint(property: string, endpoint: Record<string, unknown>): Failure[] {
  const unknown = Object.keys(endpoint).find(
    (field) => !endpointFields.some((known) => known === field),
  );
  if (unknown !== undefined)
    return [{ property: `${property}.${unknown}`, reason: "no field of this name" }];
  return endpoint.host ? [] : [{ property: `${property}.host`, reason: "missing" }];
}

/**
 * Connects, through the proxy if there is one, and runs `use` with the connection; closes both afterwards.
 *
 * @throws an error that names host and port, never a key or password
 */
export async function withConnection<T>(
  connection: Connection,
  context: Context,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const opened: Client[] = [];
  const dial = async (what: string, endpoint: Endpoint, socket?: () => Promise<Duplex>) => {
    const config = await loginConfig(endpoint);
    const client = await withRetry(what, endpoint.dialErrorLimit ?? 10, context, async () =>
      open({ ...config, ...(socket ? { sock: await socket() } : {}) }, endpoint, context),
    );
    opened.unshift(client);
    return client;
  };
  const close = () => {
    for (const client of opened) client.destroy();
  };
  context.signal.addEventListener("abort", close, { once: true });
  try {
    const { proxy } = connection;
    const jump = proxy && (await dial("Dial proxy", proxy));
    const client = await dial("Dial", connection, jump && (() => forward(jump, connection)));
    return await use(client);
  } finally {
    context.signal.removeEventListener("abort", close);
    close();
  }
}

function forward(jump: Client, { host, port = 22 }: Endpoint): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    jump.forwardOut("127.0.0.1", 0, host, port, (error, stream) => {
      if (error)
        reject(new Error(`the proxy cannot reach ${address(host, port)}: ${error.message}`));
      else resolve(stream);
    });
  });
}

function open(config: ConnectConfig, { host, port = 22, hostKey }: Endpoint, context: Context) {
  return new Promise<Client>((resolve, reject) => {
    const client = new Client();
    const cancel = () => {
      client.destroy();
      reject(context.signal.reason as Error);
    };
    context.signal.addEventListener("abort", cancel, { once: true });
    let presented: Buffer | undefined;
    const expected = hostKey === undefined ? undefined : parseHostKey(hostKey);
    client.once("ready", () => {
      context.signal.removeEventListener("abort", cancel);
      // A connection that breaks later shows as a command without exit status.
      client.removeAllListeners("error").on("error", () => undefined);
      resolve(client);
    });
    client.once("error", (error) => {
      context.signal.removeEventListener("abort", cancel);
      client.on("error", () => undefined).destroy();
      if (expected === undefined || presented === undefined || presented.equals(expected.blob)) {
        reject(new Error(`ssh: ${address(host, port)}: ${error.message}`));
        return;
      }
      const keys = `presented ${fingerprint(presented)}, expected ${fingerprint(expected.blob)}`;
      reject(new Error(`ssh: host key mismatch: ${address(host, port)} ${keys}`));
    });
    client.connect({
      ...config,
      ...(expected ? { algorithms: { serverHostKey: [expected.type] } } : {}),
      hostVerifier: (key: Buffer) => {
        presented = key;
        return expected === undefined || key.equals(expected.blob);
      },
    });
  });
}

/** What does not change from dial to dial. Methods are tried in the order key, password, agent. */
async function loginConfig(endpoint: Endpoint): Promise<ConnectConfig> {
  const { privateKey, privateKeyPassword, password } = endpoint;
  if (privateKey !== undefined) {
    const key = utils.parseKey(privateKey, privateKeyPassword);
    if (key instanceof Error) throw new Error(`connection.privateKey: ${key.message}`);
  }
  if (endpoint.hostKey !== undefined) parseHostKey(endpoint.hostKey);
  // The real plugin ignores the agent when there is a key, but not that the agent is dead.
  const agent = endpoint.agentSocketPath ?? process.env.SSH_AUTH_SOCK ?? "";
  if (agent !== "") await reachAgent(agent);
  const methods = [
    ...(privateKey === undefined ? [] : ["publickey" as const]),
    ...(password === undefined ? [] : ["password" as const, "keyboard-interactive" as const]),
    ...(agent === "" || privateKey !== undefined ? [] : ["agent" as const]),
  ];
  return {
    host: endpoint.host,
    port: endpoint.port ?? 22,
    username: endpoint.user ?? "root",
    readyTimeout: (endpoint.perDialTimeout ?? 15) * 1000,
    authHandler: ["none", ...methods],
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(privateKeyPassword === undefined ? {} : { passphrase: privateKeyPassword }),
    ...(password === undefined ? {} : { password, tryKeyboard: true }),
    ...(agent === "" ? {} : { agent }),
  };
}

function reachAgent(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", (error) => {
      reject(
        new Error(
          `the SSH agent at ${path} does not answer: ${error.message}; unset SSH_AUTH_SOCK`,
        ),
      );
    });
  });
}

function parseHostKey(line: string): { type: ServerHostKeyAlgorithm; blob: Buffer } {
  const key = utils.parseKey(line.trim());
  if (key instanceof Error) throw new Error(`connection.hostKey: ${key.message}`);
  return { type: key.type, blob: key.getPublicSSH() };
}

function fingerprint(blob: Buffer): string {
  const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");
  return `${type} SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

function address(host: string, port: number): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
