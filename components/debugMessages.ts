import * as pulumi from "@pulumi/pulumi";

/**
 * `pulumi up --debug` shows the SDK's own debug messages, and those quote each answer of the engine as
 * a whole: of a resource every output, secret ones in clear (runtime/resource.js). Pulumi itself hides
 * only what it read from the configuration. So the answers stay out of the messages.
 */
export function withholdAnswers(): void {
  const { debug } = pulumi.log;
  const withheld: typeof debug = (message, ...more) =>
    debug(message.replace(/\bresp: [^]*/, "resp: withheld"), ...more);
  Object.defineProperty(pulumi.log, "debug", { value: withheld });
}
