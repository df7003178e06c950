import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const ROOT = join(__dirname, "..");
const PREFIX = "openbsd-ipsec-gateway:";

export type Values = Record<string, unknown>;

/** The values of the test stack by key: as committed, or as another file has them. */
export function testValues(file = join(ROOT, "Pulumi.test.yaml")): Values {
  const text = readFileSync(file, "utf8");
  const { config } = parse(text) as { config: Values };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(PREFIX, ""), value]),
  );
}

/** The stack file of these values; the tunnels go into a file of their own, as for many they must. */
export function stackFile({ tunnels, ...rest }: Values, tunnelsFile: string): string {
  writeFileSync(tunnelsFile, JSON.stringify(tunnels), { mode: 0o600 });
  const values: Values = { ...rest, tunnels: [], tunnelsFile };
  const config = Object.entries(values).map(([key, value]) => [PREFIX + key, value]);
  // JSON is YAML.
  return `${JSON.stringify({ config: Object.fromEntries(config) as Values }, null, 2)}\n`;
}

/** The stack's tunnels, and passive ones to peers that do not exist, `count` in all. */
export function withTunnels(values: Values, count: number): Values {
  const own = (values.tunnels as Values[]).slice(0, count);
  const more = Array.from({ length: count - own.length }, (_, index) => ({
    ...own[0],
    name: `t${String(index).padStart(3, "0")}`,
    peer: `203.0.113.${index % 250}`.replace(
      /^203\.0\.113/,
      `203.0.${113 + Math.floor(index / 250)}`,
    ),
    remote: [`10.${64 + (index >> 8)}.${index & 255}.0/24`],
    remoteId: `t${index}.example.net`,
    mode: "passive",
    probe: undefined,
  }));
  return { ...values, tunnels: [...own, ...more] };
}
