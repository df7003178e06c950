import { z } from "zod";
import { proxy } from "./connection";
import {
  address,
  authorizedKey,
  connectTimeout,
  matching,
  networkCidr,
  port,
  publicKey,
} from "./forms";
import { localPath, user } from "./reach";

const sshd = z
  .strictObject({
    passwordAuthentication: z.boolean().default(false).meta({
      description: "Let users log in with a password; root never can.",
    }),
    allowUsers: z
      .array(
        matching(
          /^[A-Za-z0-9_*?][A-Za-z0-9._*?-]*(@[A-Za-z0-9:./*?-]+)?$/,
          "is not a user for sshd",
          "write USER or USER@HOST, such as root@10.10.0.5",
        ).meta({ form: "user or user@host" }),
      )
      .min(1)
      .optional()
      .meta({
        description: "Who may log in, as AllowUsers of sshd_config(5).",
        absent: "`admin.user`, from anywhere that pf lets in",
      }),
    listen: z.array(address).default([]).meta({
      description: "Addresses that sshd listens on. With none, all of the gateway's.",
    }),
  })
  .meta({
    description:
      "sshd(8) on the gateway. A setting that locks the stack out is taken back by the gateway ([safety](safety.md#pf-and-sshd-on-trial)).",
    examples: [{ allowUsers: ["root@10.10.0.5"], listen: ["10.10.0.2"] }],
  });

export const admin = z
  .strictObject({
    networks: z.array(networkCidr).meta({
      description:
        "Networks that may SSH to the gateway. The machine that runs the stack must be in one.",
      examples: [["10.10.0.5/32"]],
    }),
    user: user.default("root").meta({
      description: "SSH user on the gateway. gwctl needs root.",
    }),
    port: port.default(22).meta({
      description: "SSH port, also opened in pf. sshd has to listen on it before it is declared.",
    }),
    identityFile: localPath.optional().meta({
      description:
        "Private key, a file on the machine that runs the stack. A key in a file is also in the state, encrypted ([security](security.md#whoever-reads-the-stacks-state)).",
      absent: "the SSH agent's keys, which is better",
    }),
    publicKeys: z.array(authorizedKey).min(1).optional().meta({
      description:
        "Who may log in as root from the installation on (`source.iso`), lines of authorized_keys.",
      absent: "the public half of `identityFile`, in the file of that name with `.pub`",
    }),
    hostKey: publicKey.optional().meta({
      description: "The gateway's SSH host key.",
      absent: "read on the installer's console, or pinned at the first connection",
    }),
    connectTimeout: connectTimeout.default(300).meta({
      description: "How long to keep trying: the first connection waits for a machine that boots.",
    }),
    sshd: sshd.prefault({}).meta({ description: "sshd on the gateway." }),
    proxy: proxy.optional().meta({
      description: "Jump host before the gateway.",
      absent: "none",
    }),
  })
  .meta({
    description: "Who may log in to the gateway, and how the stack does.",
    examples: [{ networks: ["10.10.0.5/32"], identityFile: "~/.ssh/gateway" }],
  });

export type Admin = z.output<typeof admin>;
