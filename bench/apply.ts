import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ansible, ansibleOne, prepareAnsible } from "./ansible";
import type { Measurement } from "./report";
import { inLab } from "./run";
import { plainScript, preparePlain } from "./plain";
import { ROOT, stackFile, testValues, type Values, withTunnels } from "./stackValues";

const TUNNELS = 10;
const FILE = join(ROOT, ".lab/project/Pulumi.test.yaml");
const TUNNELS_FILE = `${FILE}.tunnels`;
const KEPT = `${FILE}.bench`;

/** One gateway, brought to the same configuration by three tools. */
export async function applies(): Promise<Measurement[]> {
  const values = withTunnels(testValues(), TUNNELS);
  copyFileSync(FILE, KEPT);
  try {
    await up(values, "new tunnels");
    const idle = await up(values, "nothing changed");
    // A connection setting is part of every step: all of them run again.
    const all = await up(patient(values), "everything");
    const one = await up(oneChanged(patient(values)), "one tunnel");
    prepareAnsible(values);
    preparePlain(values);
    await ansible();
    const ansibleAll = await ansible();
    const ansibleSingle = await ansibleOne();
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
  } finally {
    copyFileSync(KEPT, FILE);
    rmSync(KEPT);
    await up(undefined, "as it was");
    rmSync(TUNNELS_FILE, { force: true });
  }
}

const patient = (values: Values): Values => ({
  ...values,
  admin: { ...(values.admin as object), connectTimeout: 299 },
});

function oneChanged(values: Values): Values {
  const tunnels = (values.tunnels as Values[]).map((tunnel, index, { length }) =>
    index === length - 1
      ? { ...tunnel, phase2: { ...(tunnel.phase2 as object), lifetime: 3000 } }
      : tunnel,
  );
  return { ...values, tunnels };
}

async function up(values: Values | undefined, what: string): Promise<number> {
  if (values !== undefined) writeFileSync(FILE, stackFile(values, TUNNELS_FILE), { mode: 0o600 });
  const command = "pulumi -C .lab/project up --yes --non-interactive --skip-preview --stack test";
  const { seconds } = await inLab(command);
  process.stderr.write(`bench:   up, ${what}: ${seconds.toFixed(1)} s\n`);
  return seconds;
}
