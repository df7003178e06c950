import type { MigrateDocument } from "../../contract/documents/operate";
import { json } from "../json";
import { EXIT } from "../../contract/exit";
import { UsageError, type Io } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/migrate";
import { readHome } from "../migration/home";
import type { Migrated } from "../../contract/documents/operate";
import { migrate } from "../migration/migrate";
import type { Move } from "../migration/move";
import { preflight } from "../migration/preflight";
import { confirm } from "../promotion/confirm";
import type { Finding } from "../../contract/documents/operate";
import { cleanPreview } from "../promotion/verification";

export const run = implement(
  command,
  async ({ to, live, shared, address, timeout, check, yes, json: asJson, stack }, io) => {
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
      address: address ?? hostIn(to),
      timeoutMs: timeout * 1000,
    };

    const findings = await look(move, asJson, io);
    const ok = findings.every((finding) => finding.ok);
    if (!ok || check) {
      if (asJson) io.out(json<MigrateDocument>({ stack, from: move.from, to, ok, findings }));
      else if (!ok) io.err("migrate: nothing was touched\n");
      return ok ? EXIT.ok : EXIT.failed;
    }
    await confirm(stack, yes, `move it to ${to}`, io);
    const result = await migrate(move, io);
    const done = result.missing.length === 0 && result.clean;
    if (asJson)
      io.out(json<MigrateDocument>({ stack, from: move.from, to, ok: done, findings, ...result }));
    else io.out(report(move, result));
    return done ? EXIT.ok : EXIT.failed;
  },
);

async function look(move: Move, quiet: boolean, io: Io): Promise<Finding[]> {
  const findings: Finding[] = [];
  const keep = (finding: Finding): void => {
    findings.push(finding);
    if (quiet) return;
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
    `during the move: status asked ${during.looks} times, tunnels not proven in ${during.unproven} of them`,
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
