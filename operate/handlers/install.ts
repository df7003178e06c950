import type { InstallReport } from "../../contract/install";
import { json } from "../json";
import { readFile } from "node:fs/promises";
import { installerXml } from "../../render/installerXml";
import { EXIT } from "../../contract/exit";
import type { Io } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/install";
import { systemClock } from "../console/clock";
import { transientDomain } from "../../hypervisor/transientDomain";
import { install, type Installed } from "../console/install";
import type { InstallPlan } from "../../contract/install";
import { parsePlan } from "../console/plan";
import { prepare, removeCds } from "../console/prepare";
import { showProgress } from "../console/progress";
import { Interrupted } from "../console/session";
import { defaultTranscript, openTranscript } from "../console/transcript";

export const run = implement(command, async ({ values: origin, transcript, json: toJson }, io) => {
  const plan =
    origin === "-"
      ? parsePlan(await io.stdin(), "standard input")
      : parsePlan(await readFile(origin, "utf8"), origin);
  const file = transcript ?? defaultTranscript(plan.name);
  try {
    const installed = await installFrom(plan, file, io);
    for (const failure of await removeCds(plan)) io.err(`warning: ${failure}\n`);
    io.out(toJson ? asJson(installed, plan, file) : `${installed.hostKey}\n`);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    io.err(`gateway: install: ${error.message}\n`);
    return EXIT.interrupted;
  }
});

async function installFrom(plan: InstallPlan, file: string, io: Io): Promise<Installed> {
  const transcript = openTranscript(file, () => new Date());
  const domain = transientDomain(plan.uri, plan.name, installerXml(plan));
  try {
    await prepare(plan);
    return await install({
      domain,
      clock: systemClock,
      progress: showProgress({ clock: systemClock, write: io.err, columns: width(io) }),
      signal: io.signal,
      ...{ type: plan.domainType, path: plan.path, transcript },
    });
  } finally {
    await domain.release();
    transcript.close();
  }
}

function width(io: Io): number | undefined {
  return io.terminal ? process.stderr.columns : undefined;
}

function asJson(
  { hostKey, seconds }: Installed,
  { before }: InstallPlan,
  transcript: string,
): string {
  return json<InstallReport>({ hostKey, seconds: { ...before, ...seconds }, transcript });
}
