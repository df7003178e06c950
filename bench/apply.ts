import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ansible, ansibleOne, prepareAnsible } from "./ansible";
import type { Measurement } from "./report";
import { inLab } from "./run";
import { plainScript, preparePlain } from "./plain";
import { ROOT, stackFile, testValues, type Values, withTunnels } from "./stackValues";

/** How many tunnels the three tools bring up. */
export const TUNNELS = 10;
/** The lab's own copy: its gateway may have been made from something else than the committed one. */
const FILE = join(ROOT, ".lab/project/Pulumi.test.yaml");
const TUNNELS_FILE = `${FILE}.tunnels`;
const KEPT = `${FILE}.bench`;

/** One gateway, brought to the same configuration by three tools. */
export function applies(): Promise<Measurement[]> {
  return andBack((values) => threeTools(withTunnels(values, TUNNELS)));
}

/** Gives the work the test stack's values, and brings the gateway back to them. */
export async function andBack<Result>(work: (values: Values) => Promise<Result>): Promise<Result> {
  copyFileSync(FILE, KEPT);
  try {
    return await work(testValues(FILE));
  } finally {
    copyFileSync(KEPT, FILE);
    rmSync(KEPT);
    await up(undefined, "as it was");
    rmSync(TUNNELS_FILE, { force: true });
  }
}

/** The same configuration by Pulumi, by Ansible and by one script. */
export async function threeTools(values: Values): Promise<Measurement[]> {
  await up(values, "new tunnels");
  const idle = await up(values, "nothing changed", 0);
  const all = await up(allChanged(values), "everything", TUNNELS);
  const one = await up(oneChanged(allChanged(values)), "one tunnel", 1);
  prepareAnsible(values);
  await ansible();
  prepareAnsible(allChanged(values));
  const ansibleAll = await ansible();
  prepareAnsible(oneChanged(allChanged(values)), last(values));
  const ansibleSingle = await ansibleOne();
  preparePlain(values);
  const script = await plainScript();
  const everything = `everything, ${TUNNELS} tunnels`;
  return [
    { name: "pulumi up, nothing changed", value: idle },
    {
      name: `pulumi up, ${everything}`,
      value: all,
      peer: { name: "Ansible, raw tasks", value: ansibleAll },
      target: "≥ 5×",
    },
    { name: `  the same`, value: all, peer: { name: "one scp and ssh", value: script } },
    {
      name: "pulumi up, one changed tunnel",
      value: one,
      peer: { name: "Ansible, that tunnel only", value: ansibleSingle },
    },
  ];
}

/** Another text of each tunnel, of the packet filter, which goes on trial, and of sysctl.conf. */
const allChanged = (values: Values): Values => ({
  ...tunnelsChanged(values),
  admin: {
    ...(values.admin as object),
    networks: [...(values.admin as { networks: string[] }).networks, "10.10.0.253/32"],
  },
  system: { ...(values.system as object | undefined), sysctls: { "net.inet.ip.ttl": 65 } },
});

/** Another text of each tunnel. */
export const tunnelsChanged = (values: Values): Values => ({
  ...values,
  tunnels: (values.tunnels as Values[]).map((tunnel) => withLifetime(tunnel, 3300)),
});

const withLifetime = (tunnel: Values, lifetime: number): Values => ({
  ...tunnel,
  phase2: { ...(tunnel.phase2 as object), lifetime },
});

const last = (values: Values): string => String((values.tunnels as Values[]).at(-1)?.name);

function oneChanged(values: Values): Values {
  const tunnels = (values.tunnels as Values[]).map((tunnel, index, { length }) =>
    index === length - 1 ? withLifetime(tunnel, 3000) : tunnel,
  );
  return { ...values, tunnels };
}

/** @throws Error when fewer resources were updated than there was to do: that would be no measurement */
export async function up(values: Values | undefined, what: string, atLeast = 0): Promise<number> {
  if (values !== undefined) writeFileSync(FILE, stackFile(values, TUNNELS_FILE), { mode: 0o600 });
  const command = "pulumi -C .lab/project up --yes --non-interactive --skip-preview --stack test";
  const { seconds, stdout } = await inLab(command);
  const updated = Number(/~ (\d+) updated/.exec(stdout)?.[1] ?? 0);
  process.stderr.write(`bench:   up, ${what}: ${seconds.toFixed(1)} s, ${updated} updated\n`);
  if (updated < atLeast) throw new Error(`up, ${what}: only ${updated} updated of ${atLeast}`);
  return seconds;
}
