import { z } from "zod";
import { connectTimeout, identifier, port, publicKey, text } from "./forms";

const endpoint = {
  /** Address or name of the host. */
  host: text.meta({ examples: ["10.10.0.1"] }),
  /** Default 22. */
  port: port.default(22),
  /** Changing rules and routes needs root. Default root. */
  user: identifier.default("root"),
  /** Private key file. Default: the SSH agent's keys. */
  identityFile: text.optional(),
  /** The host's key. Default: pinned at the first connection. */
  hostKey: publicKey.optional(),
};

/** A host that SSH connections go through (ProxyJump). Its key is pinned like any other. */
export const proxy = z.strictObject(endpoint);

/** SSH to a host that runs already. */
export const connection = z.strictObject({
  ...endpoint,
  /** Default 60 s: the host is expected to run already. */
  connectTimeout: connectTimeout.default(60),
  /** The jump host before it. Default: none. */
  proxy: proxy.optional(),
});

export type Proxy = z.output<typeof proxy>;
export type Connection = z.output<typeof connection>;
