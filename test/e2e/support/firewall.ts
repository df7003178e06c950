import { inLab, lab, labOk, quote } from "./lab";
import { upOk } from "./ownStack";

export const up = () => lab("pulumi", "up", "--yes", "--skip-preview");

/** A command on the perimeter firewall; its standard output. */
export async function onFirewall(...command: string[]): Promise<string> {
  return (await labOk("perimeter", ...command)).stdout;
}

interface Row {
  readonly check: string;
  readonly result: string;
  readonly seen: string;
}

/** What `gateway path --json` says, by check, whatever its exit status. */
export async function path(
  ...args: string[]
): Promise<{ code: number; rows: Record<string, Row>; notes: string[] }> {
  const { code, stdout, output } = await inLab(
    ["./scripts/gateway", "path", "--json", ...args].map(quote).join(" "),
  );
  try {
    const { rows, notes } = JSON.parse(stdout) as { rows: Row[]; notes: string[] };
    return { code, rows: Object.fromEntries(rows.map((row) => [row.check, row])), notes };
  } catch {
    throw new Error(`gateway path ended with ${code} and printed no JSON:\n${output}`);
  }
}

interface Drift {
  readonly code: number;
  readonly findings: { readonly what: string; readonly problem: string }[];
  readonly unknown: string[];
}

export async function drift(): Promise<Drift> {
  const { code, stdout, output } = await lab("gateway", "drift", "--json");
  try {
    return { code, ...(JSON.parse(stdout) as Omit<Drift, "code">) };
  } catch {
    throw new Error(`gateway drift ended with ${code} and printed no JSON:\n${output}`);
  }
}

/** Takes one forward away by hand, and expects that it is named, and that the next up restores it. */
export async function expectRestored(name: string, remove: () => Promise<unknown>): Promise<void> {
  expect(await drift()).toMatchObject({ code: 0, findings: [] });
  await remove();
  const found = await drift();
  expect([found.code, found.findings.map(({ what }) => what)]).toEqual([1, [name]]);
  const seen = await path();
  expect([seen.code, seen.rows[name]?.result]).toEqual([1, "wrong"]);
  await upOk();
  expect(await drift()).toMatchObject({ code: 0, findings: [] });
  const after = await path();
  expect([after.code, after.rows[name]?.result]).toEqual([0, expect.stringMatching(/ok|unseen/)]);
}

/** The firewall boots; what it had is there again without anybody's doing. */
export async function expectKeptOverReboot(): Promise<void> {
  await labOk("firewall", "reboot");
  expect(await drift()).toMatchObject({ code: 0, findings: [] });
}
