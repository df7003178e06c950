import { z } from "zod";
import { proxy } from "./connection";
import {
  authorizedKey,
  connectTimeout,
  identifier,
  matching,
  port,
  publicKey,
  text,
} from "./forms";

/** sshd(8) on the gateway. A setting that locks the stack out is taken back by the gateway. */
const sshd = z.strictObject({
  /** Let passwords in, root's never. Default false: keys only. */
  passwordAuthentication: z.boolean().default(false),
  /** Who may log in, `USER` or `USER@HOST` (sshd_config(5), AllowUsers). Default: admin.user only. */
  allowUsers: z
    .array(
      matching(
        /^[A-Za-z0-9_*?][A-Za-z0-9._*?-]*(@[A-Za-z0-9:./*?-]+)?$/,
        "is not a user for sshd",
        "write USER or USER@HOST, such as root@10.10.0.5",
      ),
    )
    .min(1)
    .optional(),
  /** Addresses sshd listens on. Default: all of the gateway's. */
  listen: z.array(z.string()).default([]),
});

export const admin = z.strictObject({
  /** Networks that may SSH to the gateway. The machine that runs the stack must be in one. */
  networks: z.array(z.string()).meta({ examples: [["10.10.0.5/32"]] }),
  /** SSH user; gwctl needs root. Default root. */
  user: identifier.default("root"),
  /** SSH port, also opened in pf: the one sshd listens on already when it is declared. Default 22. */
  port: port.default(22),
  /** Private key file. Default: the SSH agent's keys. */
  identityFile: text.optional(),
  /**
   * Who may log in as root from the installation on (source.iso), lines of authorized_keys. Default:
   * the public half of identityFile, in the file of that name with `.pub`.
   */
  publicKeys: z.array(authorizedKey).min(1).optional(),
  /** The gateway's host key. Default: told by the installer, or pinned at the first connection. */
  hostKey: publicKey.optional(),
  /** Default 300 s: the first connection waits for a machine that boots. */
  connectTimeout: connectTimeout.default(300),
  sshd: sshd.prefault({}),
  /** The jump host before the gateway. Default: none. */
  proxy: proxy.optional(),
});

export type Admin = z.output<typeof admin>;
