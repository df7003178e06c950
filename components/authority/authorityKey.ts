import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type KeptKey, keptKey } from "../../contract/keptKey";

/**
 * RSA, the only kind that isakmpd knows, for both daemons. Without quotes of sh(1). The key goes from the command to
 * the state, and nowhere else: it is never an argument, in an environment or in a file.
 */
const MAKE = `const { privateKey } = require("node:crypto").generateKeyPairSync("rsa", { modulusLength: 3072 });
const key = privateKey.export({ type: "pkcs8", format: "pem" });
process.stdout.write(JSON.stringify({ key, made: new Date().toISOString().slice(0, 10) }));`;

/** An authority's private key, made once on the machine that runs the update, and a secret of the state. */
export class AuthorityKey extends command.local.Command {
  constructor(name: string, opts: pulumi.CustomResourceOptions) {
    super(
      name,
      { create: `exec node -e '${MAKE}'`, logging: "none", addPreviousOutputInEnv: false },
      {
        ...opts,
        additionalSecretOutputs: ["stdout", "stderr"],
        // A new text of the command would make a new key in place of the one that the peers believe.
        ignoreChanges: ["create", "logging", "addPreviousOutputInEnv"],
      },
    );
  }
}

/** Secret. */
export function keptIn({ stdout }: AuthorityKey): pulumi.Output<KeptKey> {
  return pulumi.secret(stdout).apply((text) => keptKey.parse(JSON.parse(text)));
}
