import { gib } from "../../config/units";
import type { Volume } from "../../contract/documents/operate";
import { json } from "../json";
import { captured } from "../cli";
import { EXIT } from "../../contract/exit";
import { Refusal, UsageError, type Io } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/promote";
import { canary } from "../promotion/canary";
import { readNote, settle } from "../promotion/canaryNote";
import { confirm } from "../promotion/confirm";
import { takenOver } from "../promotion/copy/receipt";
import { diskOf, valuesOf } from "../promotion/copy/values";
import { prune, table, volumesOf } from "../promotion/copy/volumes";
import { copySteps, rollbackSteps } from "../promotion/copy/steps";
import { xmlOnlySteps } from "../promotion/copy/xmlOnly";
import { clean, previewOf, type Step, up, runSteps } from "../promotion/gate";

export const run = implement(command, async (values, io) => {
  const { from, to, canary: tunnel, timeout, watch: seconds, grace: graceSeconds } = values;
  if (from === to) throw new UsageError("--from and --to are one stack: give two");
  if (values.yes !== undefined && values.yes !== to) {
    throw new UsageError(`--yes ${values.yes}: the stack that takes it over is ${to}`);
  }

  if (values.list) return list([from, to], values.json, io);
  if (values.prune !== undefined) {
    const { bytes, uri } = await prune([from, to], values.prune, io);
    io.err(`promote: ${values.prune} is removed, ${gib(bytes)} are free again at ${uri}\n`);
    return EXIT.ok;
  }
  if (values["xml-only"]) {
    if (!values.copy) throw new UsageError("--xml-only belongs to --copy");
    await runSteps(
      xmlOnlySteps(from, to, () => confirm(to, values.yes, "define the machine", io), io),
      io,
    );
    return EXIT.ok;
  }

  const { signal } = io;
  const note = await readNote(to);
  const cutOff: Step[] =
    note === undefined
      ? []
      : [
          {
            title: `put ${note.tunnel} back, whose change was not watched to its end`,
            run: () => settle(to, note, signal),
          },
        ];
  const untouched = `${to} is as it was; give ${from} its values of before and bring it up`;
  const changed =
    `give both stacks the values and the program of before and run it again; where ${from} cannot ` +
    `be proven, promotion.require: warn${values.copy ? "; the disk of before: --rollback" : ""}`;
  const opening: Step[] = values.rollback
    ? rollbackSteps(to, io)
    : [
        { title: `bring ${from} up`, run: () => up(from, signal) },
        { title: `prove ${from}`, run: () => prove(from, timeout, io) },
        ...(values.copy ? copySteps(from, to, io) : []),
      ].map((step) => ({ ...step, back: untouched }));
  const steps: Step[] = [
    ...cutOff,
    ...opening,
    { title: `preview ${to}`, run: () => show(to, io), back: untouched },
  ];
  if (!values["stop-before-up"]) {
    const confirmed = () => confirm(to, values.yes, "bring it up", io);
    steps.push({ title: `confirm ${to}`, run: confirmed, back: untouched });
    if (tunnel !== undefined) {
      steps.push({
        title: `change ${tunnel} first`,
        run: () => canary({ stack: to, tunnel, seconds, graceSeconds, io }),
        back: untouched,
      });
    }
    steps.push(
      { title: `bring ${to} up`, run: () => up(to, signal), back: changed },
      { title: `prove ${to}`, run: () => prove(to, timeout, io), back: changed },
      { title: `preview ${to} again`, run: () => cleanAgain(to, signal), back: changed },
    );
  }
  await runSteps(steps, io);
  return EXIT.ok;
});

async function prove(stack: string, timeout: number, io: Io): Promise<string> {
  const argv = ["--stack", stack, "--timeout", String(timeout)];
  const { status, output } = await captured("verify", argv, io);
  if (status === EXIT.ok) return "proven, recorded";
  const failed = output.split("\n").filter((line) => !line.startsWith("ok"));
  throw new Refusal(failed.join("\n").trim());
}

/** The stack knows its disk now, so the disk's own note of it is not needed any more. */
async function cleanAgain(stack: string, signal: AbortSignal): Promise<string> {
  const seen = await clean(stack, signal);
  const values = valuesOf(stack);
  if (values.source.disk) await takenOver(diskOf(values));
  return seen;
}

async function list(stacks: readonly string[], asJson: boolean, io: Io): Promise<number> {
  const volumes = await volumesOf(stacks, io);
  io.out(asJson ? json<readonly Volume[]>(volumes) : table(volumes));
  return EXIT.ok;
}

async function show(stack: string, io: Io): Promise<string> {
  io.out(await previewOf(stack, io.signal));
  return "shown above";
}
