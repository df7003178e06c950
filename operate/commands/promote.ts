import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { captured } from "../cli";
import { EXIT, Refusal, UsageError, type Command, type Io } from "../command";
import { canary } from "../promotion/canary";
import { copySteps, rollbackSteps } from "../promotion/copy/way";
import { clean, previewOf, type Step, up, walk } from "../promotion/gate";

const usage = `usage: ./scripts/gateway promote [OPTION…]

Takes what is written from the first stack to the second: brings the first up and proves it, shows
what would change on the second, asks, brings that up, and proves it too. Ends at the first thing
that is not right; run it again to go on.

  --from NAME       the stack that is proven first (default: test)
  --to NAME         the stack that takes it over (default: prod)
  --canary TUNNEL   change this one first on the second stack; if it does not stay proven, it is put
                    back and nothing else is touched
  --watch SECONDS   how long the canary has to stay proven (default: 30)
  --yes NAME        the second stack's name, instead of being asked for it
  --copy            the second gateway's disk becomes a copy of the first one's, sealed before it
                    leaves: the first is off for the time of a clone
  --rollback        the second stack goes back to the disk it ran from before
  --stop-before-up  end after the second stack's preview

Examples:
  ./scripts/gateway promote
  ./scripts/gateway promote --canary west --yes prod

Exit status: 0 done, 1 something was not right (what was proven stays), 64 called wrongly.
`;

const options = {
  from: { type: "string", default: "test" },
  to: { type: "string", default: "prod" },
  canary: { type: "string" },
  watch: { type: "string", default: "30" },
  yes: { type: "string" },
  copy: { type: "boolean", default: false },
  rollback: { type: "boolean", default: false },
  "stop-before-up": { type: "boolean", default: false },
} as const;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  const { from, to, canary: first } = values;
  const seconds = Number(values.watch);
  if (!/^\d{1,5}$/.test(values.watch)) throw new UsageError("--watch: write seconds");
  if (from === to) throw new UsageError("--from and --to are one stack: give two");
  if (values.yes !== undefined && values.yes !== to) {
    throw new UsageError(`--yes ${values.yes}: the stack that takes it over is ${to}`);
  }

  const { signal } = io;
  const opening: Step[] = values.rollback
    ? rollbackSteps(to, io)
    : [
        { title: `bring ${from} up`, walk: () => up(from, signal) },
        { title: `prove ${from}`, walk: () => prove(from, io) },
        ...(values.copy ? copySteps(from, to, io) : []),
      ];
  const steps: Step[] = [...opening, { title: `preview ${to}`, walk: () => show(to, io) }];
  if (!values["stop-before-up"]) {
    steps.push({ title: `confirm ${to}`, walk: () => confirm(to, values.yes, io) });
    if (first !== undefined) {
      const title = `change ${first} first`;
      steps.push({
        title,
        walk: async () => {
          await canary(to, first, seconds, io);
          return "stays proven";
        },
      });
    }
    steps.push(
      { title: `bring ${to} up`, walk: () => up(to, signal) },
      { title: `prove ${to}`, walk: () => prove(to, io) },
      { title: `preview ${to} again`, walk: () => clean(to, signal) },
    );
  }
  await walk(steps, io);
  return EXIT.ok;
}

async function prove(stack: string, io: Io): Promise<string> {
  const { status, output } = await captured("verify", ["--stack", stack], io);
  if (status === EXIT.ok) return "proven, recorded";
  const failed = output.split("\n").filter((line) => !line.startsWith("ok"));
  throw new Refusal(failed.join("\n").trim());
}

async function show(stack: string, io: Io): Promise<string> {
  io.out(await previewOf(stack, io.signal));
  return "shown above";
}

async function confirm(stack: string, yes: string | undefined, io: Io): Promise<string> {
  if (yes === stack) return "by --yes";
  if (!io.terminal || !process.stdin.isTTY) {
    throw new Refusal(`nobody to ask: add --yes ${stack}`);
  }
  const line = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await line.question(`Type ${stack} to bring it up: `, { signal: io.signal });
    if (typed.trim() === stack) return "by you";
    throw new Refusal("not confirmed, nothing was changed there");
  } finally {
    line.close();
  }
}

export const command: Command = {
  name: "promote",
  summary: "takes what one stack has proven to the next",
  usage,
  run,
};
