import { z } from "zod";
import { connectTimeout, port, publicKey } from "./forms";
import { host, localPath, user } from "./reach";

const endpoint = {
  host: host.meta({ description: "Address or name of the host.", examples: ["10.10.0.1"] }),
  port: port.default(22).meta({ description: "SSH port." }),
  user: user.default("root").meta({
    description: "User. Changing rules and routes needs root.",
  }),
  identityFile: localPath.optional().meta({
    description: "Private key, a file on the machine that runs the stack.",
    absent: "the SSH agent's keys",
  }),
  hostKey: publicKey.optional().meta({
    description: "The host's SSH key.",
    absent: "pinned at the first connection",
  }),
};

/** A host that SSH connections go through (ProxyJump). Its key is pinned like any other. */
export const proxy = z.strictObject(endpoint).meta({
  description: "A jump host (ProxyJump). Its host key is pinned too.",
  examples: [{ host: "jump.example.net", user: "admin" }],
});

export const connection = z
  .strictObject({
    ...endpoint,
    connectTimeout: connectTimeout.default(60).meta({
      description: "How long to keep trying a host that does not answer.",
    }),
    proxy: proxy.optional().meta({ description: "Jump host before it.", absent: "none" }),
  })
  .meta({
    description: "SSH to a machine that runs already.",
    examples: [{ host: "10.10.0.1", identityFile: "~/.ssh/id_ed25519" }],
  });

export type Proxy = z.output<typeof proxy>;
export type Connection = z.output<typeof connection>;
