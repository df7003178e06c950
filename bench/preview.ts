import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Measurement } from "./report";
import { inLab } from "./run";
import { ROOT, stackFile, testValues, withTunnels } from "./stackValues";

const SIZES = [1, 50, 500, 1000] as const;

function targetOf(size: number): Pick<Measurement, "target"> {
  if (size === 50) return { target: "< 4 s" };
  return size === 500 ? { target: "< 10 s" } : {};
}

/** Previews of stacks that were never brought up. */
export async function previews(): Promise<Measurement[]> {
  const found = [];
  for (const size of SIZES) found.push({ size, ...(await preview(size)) });
  const [, fifty, most] = found;
  const per = (run: typeof fifty): number => (run === undefined ? NaN : run.seconds / run.size);
  return [
    ...found.map(({ size, seconds }) => ({
      name: `preview, ${size} tunnel${size === 1 ? "" : "s"}`,
      value: seconds,
      ...targetOf(size),
    })),
    ...found.map(({ size, seconds }) => ({
      name: `preview per tunnel, of ${size}`,
      value: seconds / size,
    })),
    {
      name: "preview per tunnel, 500 by 50",
      value: per(most) / per(fifty),
      unit: "×",
      target: "< 2 ×",
    },
    {
      name: "memory of the program, 500 tunnels",
      value: most?.runtimeMiB ?? NaN,
      unit: "MiB",
      target: "< 400 MiB",
    },
  ];
}

async function preview(size: number): Promise<{ seconds: number; runtimeMiB: number }> {
  const stack = `bench${size}`;
  const file = join(ROOT, ".lab/project", `Pulumi.${stack}.yaml`);
  const machine = { ...(testValues().machine as object), name: `gw-${stack}` };
  const tunnels = `${file}.tunnels`;
  const values = { ...withTunnels(testValues(), size), machine };
  writeFileSync(file, stackFile(values, tunnels), { mode: 0o600 });
  const pulumi = "pulumi -C .lab/project --non-interactive";
  await inLab(`${pulumi} stack init --no-select ${stack} || true`);
  try {
    return await inLab(`${pulumi} preview --stack ${stack}`);
  } finally {
    await inLab(`${pulumi} stack rm --yes --preserve-config ${stack}`);
    for (const name of [file, tunnels]) rmSync(name, { force: true });
  }
}
