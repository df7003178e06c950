import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { EXIT, Refusal, UsageError, type Command, type Io } from "../command";
import { walk } from "../promotion/gate";
import type { Finding } from "../promotion/verification";
import { diskOf, valuesOf } from "../promotion/copy/values";
import { outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { readOutputs } from "../stack/outputs";
import { look } from "../status/look";
import { copyFinding, copyName, virshLine, wayBack } from "../upgrade/copy";
import { nextRelease } from "../upgrade/facts";
import { preflight } from "../upgrade/preflight";
import { factsOf, finish, steps, type Upgrade } from "../upgrade/way";

const usage = `usage: ./scripts/gateway upgrade RELEASE --stack NAME [OPTION…]

Takes the gateway to the next OpenBSD release with sysupgrade(8). Looks first whether that can be
done, and changes nothing if not. The gateway is off while its disk is copied, and again while the
new release is installed; its tunnels are proven afterwards. On a gateway that runs RELEASE already, an
upgrade that was cut off is brought to its end: packages, tunnels.

  --check            only look whether it can be done
  --no-copy          make no copy of the disk first: there is no way back then
  --timeout SECONDS  how long the tunnels may take to be proven (default: 300)
  --yes GATEWAY      the gateway's name, instead of being asked for it
  --json             print one JSON document
  --stack NAME       the stack

Examples:
  ./scripts/gateway upgrade 8.0 --stack test --check
  ./scripts/gateway upgrade 8.0 --stack test --yes gw-test

Exit status: 0 it runs RELEASE and its tunnels are proven (--check: it can be done), 1 refused or
failed, 64 called wrongly.
`;

const options = {
  check: { type: "boolean", default: false },
  "no-copy": { type: "boolean", default: false },
  timeout: { type: "string", default: "300" },
  yes: { type: "string" },
  json: { type: "boolean", default: false },
  stack: { type: "string" },
} as const;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const { stack, json, check } = values;
  const [to = "", ...more] = positionals;
  if (!/^\d+\.\d$/.test(to) || more.length > 0) throw new UsageError("give one RELEASE, as in 8.0");
  if (stack === undefined) throw new UsageError("which stack? Give --stack NAME");
  if (!/^\d{1,4}$/.test(values.timeout))
    throw new UsageError("--timeout: write seconds, up to 9999");

  const { signal } = io;
  const config = valuesOf(stack);
  const disk = diskOf(config);
  const outputs = await readOutputs({ stack, signal });
  const { name } = outputs.gateway;
  if (values.yes !== undefined && values.yes !== name) {
    throw new UsageError(`--yes ${values.yes}: the gateway is ${name}`);
  }
  const facts = await factsOf(outputs, signal);
  const from = facts.release;
  const copy = values["no-copy"] ? undefined : copyName(disk, from);
  const upgrade: Upgrade = {
    ...{ outputs, domain: config.machine.name, disk, copy, to },
    timeout: Number(values.timeout),
  };
  const way = copy !== undefined && {
    copy,
    back: wayBack(disk, upgrade.domain, copy),
    remove: virshLine(disk, "vol-delete", "--pool", disk.pool, copy),
  };
  const print = (findings: readonly Finding[], after: string): void => {
    const made = after !== from && way;
    if (json) {
      io.out(`${JSON.stringify({ gateway: name, from, release: after, findings, ...made })}\n`);
    }
  };

  if (from === to) {
    const { unfinished } = facts;
    if (unfinished && !check) await walk(finish(upgrade, io), io, "upgrade");
    print([], from);
    if (!json) io.out(`${name}: runs ${to}: ${nothingElse(unfinished, check)}\n`);
    return EXIT.ok;
  }
  const findings = preflight({
    ...{ to, facts },
    errata: lines(
      await outputOf(gatewayTarget(outputs.gateway), "gwctl patches report", { signal }),
    ),
    status: await look(outputs, { probe: true, signal }),
    copy:
      copy === undefined
        ? { name: "way back", ok: true, detail: "none, by --no-copy" }
        : await copyFinding(disk, copy),
  });
  const tell = json ? io.err : io.out;
  for (const { ok, name: what, detail } of findings) {
    tell(`${ok ? "ok     " : "refused"}  ${what}: ${detail}\n`);
  }
  const ready = findings.every(({ ok }) => ok);
  if (check || !ready) {
    print(findings, from);
    return ready ? EXIT.ok : EXIT.failed;
  }
  await confirm(name, `${from} → ${nextRelease(from)}`, values.yes, io);
  await walk(steps(upgrade, io), io, "upgrade");
  print(findings, to);
  if (!json) {
    io.out(`${name}: was ${from}, runs ${to}, tunnels proven\n`);
    if (way) io.out(`to go back:         ${way.back}\nto remove the copy: ${way.remove}\n`);
  }
  return EXIT.ok;
}

function nothingElse(unfinished: boolean, check: boolean): string {
  if (!unfinished) return "nothing to upgrade";
  return check ? "its upgrade was cut off, and goes on without --check" : "its upgrade is done";
}

async function confirm(name: string, what: string, yes: string | undefined, io: Io): Promise<void> {
  if (yes === name) return;
  if (!io.terminal || !process.stdin.isTTY) {
    throw new Refusal(`nobody to ask: add --yes ${name}`);
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

export const command: Command = {
  name: "upgrade",
  summary: "takes the gateway to the next OpenBSD release",
  usage,
  run,
};
