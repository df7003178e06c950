import { parseArgs } from "node:util";
import { captured } from "../cli";
import { EXIT, Refusal, UsageError, type Command, type Io } from "../command";
import { canary } from "../promotion/canary";
import { readNote, settle } from "../promotion/canaryNote";
import { confirm } from "../promotion/confirm";
import { takenOver } from "../promotion/copy/receipt";
import { gib } from "../promotion/copy/seal";
import { diskOf, valuesOf } from "../promotion/copy/values";
import { prune, table, volumesOf } from "../promotion/copy/volumes";
import { copySteps, rollbackSteps } from "../promotion/copy/way";
import { xmlOnlySteps } from "../promotion/copy/xmlOnly";
import { clean, previewOf, type Step, up, walk } from "../promotion/gate";

const usage = `usage: ./scripts/gateway promote [OPTION…]

Takes what is written from the first stack to the second: brings the first up and proves it, shows
what would change on the second, asks, brings that up, and proves it too. Ends at the first thing
that is not right; run it again to go on.

  --from NAME       the stack that is proven first (default: test)
  --to NAME         the stack that takes it over (default: prod)
  --canary TUNNEL   change this one first on the second stack; if it does not stay proven, it is put
                    back and nothing else is touched
  --watch SECONDS   how long the canary has to stay proven, and to lose no more of its probes than
                    before the change (default: 30)
  --grace SECONDS   how long the canary may take to be proven after its change (default: 40)
  --timeout SECONDS how long the tunnels of a stack may take to be proven (default: 60)
  --yes NAME        the second stack's name, instead of being asked for it
  --copy            the second gateway's disk becomes a copy of the first one's, sealed before it
                    leaves: the first is off for the time of a clone
  --rollback        the second stack goes back to the disk it ran from before
  --xml-only        with --copy, for a hypervisor without Pulumi: copies the disk and defines the
                    machine, with the first one's definition changed for there
  --list            the disks of both stacks' gateways, with what each is; --json: as JSON
  --prune VOLUME    remove one that no gateway needs
  --stop-before-up  end after the second stack's preview

Examples:
  ./scripts/gateway promote
  ./scripts/gateway promote --canary west --yes prod
  ./scripts/gateway promote --copy
  ./scripts/gateway promote --list

Exit status: 0 done, 1 something was not right (what was proven stays), 64 called wrongly.
`;

const options = {
  from: { type: "string", default: "test" },
  to: { type: "string", default: "prod" },
  canary: { type: "string" },
  watch: { type: "string", default: "30" },
  grace: { type: "string", default: "40" },
  timeout: { type: "string", default: "60" },
  yes: { type: "string" },
  copy: { type: "boolean", default: false },
  rollback: { type: "boolean", default: false },
  "xml-only": { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  prune: { type: "string" },
  json: { type: "boolean", default: false },
  "stop-before-up": { type: "boolean", default: false },
} as const;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  const { from, to, canary: tunnel, timeout } = values;
  const seconds = secondsOf("watch", values.watch);
  const graceSeconds = secondsOf("grace", values.grace);
  secondsOf("timeout", timeout);
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
    await walk(
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
            title: `put ${note.tunnel} back, whose change nobody watched to its end`,
            walk: () => settle(to, note, signal),
          },
        ];
  const untouched = `${to} is as it was; give ${from} its values of before and bring it up`;
  const changed =
    `give both stacks the values and the program of before and run it again; where ${from} cannot ` +
    `be proven, promotion.require: warn${values.copy ? "; the disk of before: --rollback" : ""}`;
  const opening: Step[] = values.rollback
    ? rollbackSteps(to, io)
    : [
        { title: `bring ${from} up`, walk: () => up(from, signal) },
        { title: `prove ${from}`, walk: () => prove(from, timeout, io) },
        ...(values.copy ? copySteps(from, to, io) : []),
      ].map((step) => ({ ...step, back: untouched }));
  const steps: Step[] = [
    ...cutOff,
    ...opening,
    { title: `preview ${to}`, walk: () => show(to, io), back: untouched },
  ];
  if (!values["stop-before-up"]) {
    const confirmed = () => confirm(to, values.yes, "bring it up", io);
    steps.push({ title: `confirm ${to}`, walk: confirmed, back: untouched });
    if (tunnel !== undefined) {
      steps.push({
        title: `change ${tunnel} first`,
        walk: () => canary({ stack: to, tunnel, seconds, graceSeconds, io }),
        back: untouched,
      });
    }
    steps.push(
      { title: `bring ${to} up`, walk: () => up(to, signal), back: changed },
      { title: `prove ${to}`, walk: () => prove(to, timeout, io), back: changed },
      { title: `preview ${to} again`, walk: () => cleanAgain(to, signal), back: changed },
    );
  }
  await walk(steps, io);
  return EXIT.ok;
}

function secondsOf(option: string, value: string): number {
  if (/^[1-9]\d{0,4}$/.test(value)) return Number(value);
  throw new UsageError(`--${option}: write seconds`);
}

async function prove(stack: string, timeout: string, io: Io): Promise<string> {
  const argv = ["--stack", stack, "--timeout", timeout];
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

async function list(stacks: readonly string[], json: boolean, io: Io): Promise<number> {
  const volumes = await volumesOf(stacks, io);
  io.out(json ? `${JSON.stringify(volumes)}\n` : table(volumes));
  return EXIT.ok;
}

async function show(stack: string, io: Io): Promise<string> {
  io.out(await previewOf(stack, io.signal));
  return "shown above";
}

export const command: Command = {
  name: "promote",
  summary: "takes what one stack has proven to the next",
  usage,
  run,
};
