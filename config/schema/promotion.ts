import { z } from "zod";
import { stackName } from "./forms";

export const promotion = z
  .strictObject({
    from: stackName.meta({
      description: "Stack whose proof this one needs, in the same backend and project.",
      examples: ["test"],
    }),
    require: z.enum(["proof", "warn", "off"]).default("proof").meta({
      description:
        "`proof` refuses an update without a fresh proof of the same shape. `warn` says so and goes on. `off` does not ask.",
    }),
    maxAgeHours: z.int().min(1).max(8760).default(72).meta({
      description: "How long a proof counts.",
      unit: "hours",
    }),
  })
  .meta({
    description:
      "What an update of this stack needs before it starts ([promotion](promotion.md#the-proof)).",
    absent: "nothing is needed",
    examples: [{ from: "test", require: "proof", maxAgeHours: 72 }],
  });

export type Promotion = z.output<typeof promotion>;
