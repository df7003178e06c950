import { existsSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { lab, labOk, ROOT, verify } from "./support/lab";
import { logged, pulumiProcesses } from "./support/processes";

const LOG = join(ROOT, ".lab/log/up-stack-test.log");
const ATTRIBUTES = join(ROOT, ".lab/state/.pulumi/stacks/openbsd-ipsec-gateway/test.json.attrs");

/** What a kill in the moment that Pulumi's file store writes this file leaves. */
function tearAttributes(): void {
  if (existsSync(ATTRIBUTES)) truncateSync(ATTRIBUTES);
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
      await logged(LOG, moment);
      const victims = pulumiProcesses();
      expect(victims.length).toBeGreaterThan(0);
      victims.forEach((pid) => {
        process.kill(pid, "SIGKILL");
      });
      expect((await first).code).not.toBe(0);
      tearAttributes();
      await labOk("up", "--image");
      expect((await verify()).code).toBe(0);
      await labOk("pulumi", "preview", "--expect-no-changes");
    },
  );
});
