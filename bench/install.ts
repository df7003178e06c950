import type { Measurement } from "./report";
import { inLab } from "./run";

/** Where the time went when the lab's gateway was installed last, from its stack's own output. */
export async function installation(): Promise<Measurement[]> {
  const { stdout } = await inLab(
    "pulumi -C .lab/project stack output installation --json --stack test",
  );
  const { seconds } = JSON.parse(stdout) as { seconds: Record<string, number> };
  const parts = Object.entries(seconds).map(([name, value]) => ({
    name: `  ${name}`,
    value,
  }));
  const whole = parts.reduce((sum, { value }) => sum + value, 0);
  return [{ name: "from the ISO to SSH", value: whole }, ...parts];
}
