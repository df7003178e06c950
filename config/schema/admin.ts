import { z } from "zod";
import { connectTimeout, identifier, port, publicKey, text } from "./forms";

export const admin = z.strictObject({
  /** Networks that may SSH to the gateway. The machine that runs the stack must be in one. */
  networks: z.array(z.string()).meta({ examples: [["10.10.0.5/32"]] }),
  /** SSH user; gwctl needs root. Default root. */
  user: identifier.default("root"),
  /** SSH port, also opened in pf. Default 22. */
  port: port.default(22),
  /** Private key file. Default: the SSH agent's keys. */
  identityFile: text.optional(),
  /** The gateway's host key. Default: pinned at the first connection. */
  hostKey: publicKey.optional(),
  /** Default 300 s: the first connection waits for a machine that boots. */
  connectTimeout: connectTimeout.default(300),
});

export type Admin = z.output<typeof admin>;
