import type { Upgraded } from "../../contract/documents/operate";
import { json } from "../json";
import { createInterface } from "node:readline/promises";
import { EXIT } from "../../contract/exit";
import { Refusal, UsageError, type Io } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/upgrade";
import { runSteps } from "../promotion/gate";
import type { Finding } from "../../contract/documents/operate";
import { diskOf, valuesOf } from "../promotion/copy/values";
import { outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { readOutputs } from "../stack/outputs";
import { virshLine } from "../../hypervisor/virsh";
import { queryStatus } from "../status/query";
import { copyFinding, copyName, wayBack } from "../upgrade/copy";
import { nextRelease } from "../upgrade/facts";
import { preflight } from "../upgrade/preflight";
import { factsOf, finish, steps, type Upgrade } from "../upgrade/steps";

export const run = implement(
  command,
  async ({ release: to, check, "no-copy": noCopy, timeout, yes, json: asJson, stack }, io) => {
    const { signal } = io;
    const config = valuesOf(stack);
    const disk = diskOf(config);
    const outputs = await readOutputs({ stack, signal });
    const { name } = outputs.gateway;
    if (yes !== undefined && yes !== name) {
      throw new UsageError(`--yes ${yes}: the gateway is ${name}`);
    }
    const facts = await factsOf(outputs, signal);
    const from = facts.release;
    const copy = noCopy ? undefined : copyName(disk, from);
    const upgrade: Upgrade = {
      ...{ outputs, domain: config.machine.name, disk, copy, to },
      timeout,
    };
    const way = copy !== undefined && {
      copy,
      back: wayBack(disk, upgrade.domain, copy),
      remove: virshLine(disk.uri, "vol-delete", "--pool", disk.pool, copy),
    };
    const print = (findings: readonly Finding[], after: string): void => {
      const made = after !== from && way;
      if (asJson) {
        io.out(json<Upgraded>({ gateway: name, from, release: after, findings, ...made }));
      }
    };

    if (from === to) {
      const { unfinished } = facts;
      if (unfinished && !check) await runSteps(finish(upgrade, io), io, "upgrade");
      print([], from);
      if (!asJson) io.out(`${name}: runs ${to}: ${nothingElse(unfinished, check)}\n`);
      return EXIT.ok;
    }
    const findings = preflight({
      ...{ to, facts },
      errata: lines(
        await outputOf(gatewayTarget(outputs.gateway), "gwctl patches report", { signal }),
      ),
      status: await queryStatus(outputs, { probe: true, signal }),
      copy:
        copy === undefined
          ? { name: "way back", ok: true, detail: "none, by --no-copy" }
          : await copyFinding(disk, copy),
    });
    const tell = asJson ? io.err : io.out;
    for (const { ok, name: what, detail } of findings) {
      tell(`${ok ? "ok     " : "refused"}  ${what}: ${detail}\n`);
    }
    const ready = findings.every(({ ok }) => ok);
    if (check || !ready) {
      print(findings, from);
      return ready ? EXIT.ok : EXIT.failed;
    }
    await confirm(name, `${from} → ${nextRelease(from)}`, yes, io);
    await runSteps(steps(upgrade, io), io, "upgrade");
    print(findings, to);
    if (!asJson) {
      io.out(`${name}: was ${from}, runs ${to}, tunnels proven\n`);
      if (way) io.out(`to go back:         ${way.back}\nto remove the copy: ${way.remove}\n`);
    }
    return EXIT.ok;
  },
);

function nothingElse(unfinished: boolean, check: boolean): string {
  if (!unfinished) return "nothing to upgrade";
  return check ? "its upgrade was cut off, and goes on without --check" : "its upgrade is done";
}

async function confirm(name: string, what: string, yes: string | undefined, io: Io): Promise<void> {
  if (yes === name) return;
  if (!io.terminal || !process.stdin.isTTY) {
    throw new Refusal(`there is no terminal to ask on: add --yes ${name}`);
  }
  const line = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await line.question(`Type ${name} to upgrade it, ${what}: `, io);
    if (typed.trim() !== name) throw new Refusal("not confirmed, nothing was changed");
  } finally {
    line.close();
  }
}

const lines = (text: string): string[] => text.split("\n").filter(Boolean);
