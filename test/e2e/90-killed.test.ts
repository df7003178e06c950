import { readdirSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { lab, labOk, ROOT, verify } from "./support/lab";

const LOG = join(ROOT, ".lab/log/up-stack-test.log");

/** The Pulumi processes of this lab: what a power loss of the operator's machine would end. */
function pulumiProcesses(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return words[0] === "pulumi" && words.includes(join(ROOT, ".lab/project"));
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function logged(text: string): Promise<void> {
  for (let tries = 0; tries < 2400; tries++) {
    try {
      if (readFileSync(LOG, "utf8").includes(text)) {
        return;
      }
    } catch {
      // Not written yet.
    }
    await sleep(50);
  }
  throw new Error(`"${text}" never came up in ${LOG}`);
}

describe("a run that is killed", () => {
  afterAll(async () => {
    await labOk("down");
  });

  it.each(["Volume disk creating", "Domain machine creating", "Command west creating"])(
    "at '%s' is repaired by the next one",
    async (moment) => {
      await labOk("down");
      rmSync(LOG, { force: true });
      const first = lab("up", "--image");
      await logged(moment);
      const victims = pulumiProcesses();
      expect(victims.length).toBeGreaterThan(0);
      victims.forEach((pid) => {
        process.kill(pid, "SIGKILL");
      });
      expect((await first).code).not.toBe(0);
      await labOk("up", "--image");
      expect((await verify()).code).toBe(0);
      await labOk("pulumi", "preview", "--expect-no-changes");
    },
  );
});
