import { z } from "zod";
import { Refusal } from "../command";
import { runPulumi, type StackSelection } from "../stack/pulumi";

const entry = <T extends z.ZodType>(schema: T) => z.object({ objectValue: schema });
const config = z.object({
  "openbsd-ipsec-gateway:machine": entry(z.object({ name: z.string() })),
  "openbsd-ipsec-gateway:hypervisor": entry(
    z.object({
      uri: z.string(),
      pool: z.string(),
      mediaPool: z.string().optional(),
      bridge: z.string(),
    }),
  ),
  "openbsd-ipsec-gateway:source": entry(
    z.object({ disk: z.object({ volume: z.string() }).optional() }),
  ).optional(),
});

/** Where a stack's gateway is, and what the hypervisor there has for it. */
export interface Home {
  readonly name: string;
  /** Of its disk in the pool. */
  readonly volume: string;
  readonly uri: string;
  readonly pool: string;
  readonly mediaPool?: string | undefined;
  readonly bridge: string;
}

/** @throws Refusal if there is no engine, no such stack, or it does not say */
export async function readHome(selection: StackSelection): Promise<Home> {
  const parsed = config.safeParse(JSON.parse(await runPulumi(["config", "--json"], selection)));
  if (!parsed.success) {
    throw new Refusal("the stack's configuration has no machine.name or no hypervisor");
  }
  const { data } = parsed;
  const { name } = data["openbsd-ipsec-gateway:machine"].objectValue;
  return {
    name,
    volume: data["openbsd-ipsec-gateway:source"]?.objectValue.disk?.volume ?? name,
    ...data["openbsd-ipsec-gateway:hypervisor"].objectValue,
  };
}
