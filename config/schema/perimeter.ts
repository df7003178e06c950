import { z } from "zod";
import { connectTimeout, identifier, interfaceName, port, publicKey, text } from "./forms";

export const perimeter = z.strictObject({
  /** How the forwards are made: nftables on the firewall, in a table of the stack's own. */
  driver: z.literal("nftables"),
  /** SSH to the firewall. */
  connection: z.strictObject({
    /** Address or name of the firewall. */
    host: text.meta({ examples: ["10.10.0.1"] }),
    /** Default 22. */
    port: port.default(22),
    /** nft(8) needs root. Default root. */
    user: identifier.default("root"),
    /** Private key file. Default: the SSH agent's keys. */
    identityFile: text.optional(),
    /** The firewall's host key. Default: pinned at the first connection. */
    hostKey: publicKey.optional(),
    /** Default 60 s: the firewall is expected to run already. */
    connectTimeout: connectTimeout.default(60),
  }),
  /** Where the peers' packets arrive: the firewall's interface and its address (= publicAddress). */
  outside: z.strictObject({
    interface: interfaceName.meta({ examples: ["ext0"] }),
    address: z.string().meta({ examples: ["198.51.100.1"] }),
  }),
});

export type Perimeter = z.output<typeof perimeter>;
