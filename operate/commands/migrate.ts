import { parseArgs } from "node:util";
import { EXIT, UsageError, type Command, type Io } from "../command";
import { readHome } from "../migration/home";
import { migrate, type Migrated } from "../migration/migrate";
import type { Move } from "../migration/move";
import { preflight } from "../migration/preflight";
import { confirm } from "../promotion/confirm";
import { cleanPreview, type Finding } from "../promotion/verification";

const usage = `usage: ./scripts/gateway migrate --to URI --stack NAME [OPTION…]

Moves a stack's gateway to another hypervisor with the same networks: looks whether that one can have
it, moves it, sees its tunnels proven there, and has the stack know. Nothing is replaced. If it does not
get there it runs on where it was. Run again after an interruption, it goes on.

  --to URI           libvirt URI of the hypervisor that is to have it
  --live             while it runs; without: it is shut down, its disk is copied, it is started there
  --shared           both hypervisors have the disk: it is not copied
  --address HOST     where the present hypervisor reaches the other one, for --live (default: the host in
                     --to)
  --timeout SECONDS  how long its tunnels may take to be proven there (default: 120)
  --check            only look whether it could be moved
  --yes NAME         the stack's name, instead of being asked for it
  --json             print one JSON document
  --stack NAME       the stack

Examples:
  ./scripts/gateway migrate --stack prod --to qemu+ssh://root@hv2/system --check
  ./scripts/gateway migrate --stack prod --to qemu+ssh://root@hv2/system --live

Exit status: 0 moved and proven, 1 not (the last line says where the gateway runs), 64 called wrongly,
130 interrupted.
`;

const options = {
  to: { type: "string" },
  live: { type: "boolean", default: false },
  shared: { type: "boolean", default: false },
  address: { type: "string" },
  timeout: { type: "string", default: "120" },
  check: { type: "boolean", default: false },
  yes: { type: "string" },
  json: { type: "boolean", default: false },
  stack: { type: "string" },
} as const;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  const { stack, to, yes, json, check, live, shared } = values;
  if (stack === undefined) throw new UsageError("which stack? Give --stack NAME");
  if (to === undefined || !/^[a-z+]+:\/\/\S*$/.test(to)) {
    throw new UsageError("--to: write the libvirt URI of the other hypervisor");
  }
  if (!/^[1-9]\d{0,4}$/.test(values.timeout)) throw new UsageError("--timeout: write seconds");
  if (yes !== undefined && yes !== stack) {
    throw new UsageError(`--yes ${yes}: the stack that is moved is ${stack}`);
  }
  const selection = { stack, signal: io.signal };
  const home = await readHome(selection);
  if (home.uri === to) throw new UsageError(`--to: stack ${stack} is there already`);
  const move: Move = {
    ...{ selection, to, live, shared },
    name: home.name,
    volume: home.volume,
    from: home.uri,
    pool: home.pool,
    mediaPool: home.mediaPool,
    bridge: home.bridge,
    address: values.address ?? hostIn(to),
    timeoutMs: Number(values.timeout) * 1000,
  };

  const findings = await look(move, json, io);
  const ok = findings.every((finding) => finding.ok);
  if (!ok || check) {
    if (json) io.out(`${JSON.stringify({ stack, from: move.from, to, ok, findings })}\n`);
    else if (!ok) io.err("migrate: nothing was touched\n");
    return ok ? EXIT.ok : EXIT.failed;
  }
  await confirm(stack, yes, `move it to ${to}`, io);
  const result = await migrate(move, io);
  const done = result.missing.length === 0 && result.clean;
  if (json)
    io.out(`${JSON.stringify({ stack, from: move.from, to, ok: done, findings, ...result })}\n`);
  else io.out(report(move, result));
  return done ? EXIT.ok : EXIT.failed;
}

async function look(move: Move, json: boolean, io: Io): Promise<Finding[]> {
  const findings: Finding[] = [];
  const keep = (finding: Finding): void => {
    findings.push(finding);
    if (json) return;
    const { name, ok, detail } = finding;
    io.out(`${ok ? "ok     " : "FAILED "} ${name.padEnd(11)} ${detail}\n`);
  };
  keep(await cleanPreview(move.selection.stack, io.signal));
  for await (const { name, ok, detail } of preflight(move)) keep({ name, ok, detail });
  return findings;
}

function report(move: Move, { before, missing, during, seconds, ...rest }: Migrated): string {
  const lines = [
    `${move.name} runs on ${move.to}, after ${seconds} s; ${before.length - missing.length} of ` +
      `${before.length} tunnels proven` +
      (missing.length > 0 ? `, not ${missing.join(", ")}` : ""),
    `on the way: ${during.looks} looks, ${during.unproven} of them not proven`,
    `preview: ${rest.preview}; the state of before: ${rest.backup}`,
    ...(move.shared
      ? []
      : [
          `its old disk stays: virsh -c ${move.from} vol-delete --pool ${move.pool} ${move.volume}`,
        ]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Empty for a URI without a host. */
const hostIn = (uri: string): string =>
  /^[a-z+]+:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?]*)/.exec(uri)?.[1]?.replace(/[[\]]/g, "") ?? "";

export const command: Command = {
  name: "migrate",
  summary: "moves a stack's gateway to another hypervisor",
  usage,
  run,
};
