import { z } from "zod";
import { stackName } from "./forms";

export const promotion = z.strictObject({
  /** The stack whose proof this one needs, in the same backend and project. */
  from: stackName.meta({ examples: ["test"] }),
  /**
   * `proof` refuses an update without a fresh proof of this very shape, `warn` says so and goes on,
   * `off` does not ask. Default proof.
   */
  require: z.enum(["proof", "warn", "off"]).default("proof"),
  /** Hours that a proof counts. Default 72. */
  maxAgeHours: z.int().min(1).max(8760).default(72),
});

export type Promotion = z.output<typeof promotion>;
