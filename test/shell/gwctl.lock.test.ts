import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describeShell, Scratch } from "./support/scratch";

const LOCK = "var/run/gwctl.lock";

describeShell("gwctl's lock", () => {
  let gateway: Scratch;
  beforeEach(() => (gateway = new Scratch()));
  afterEach(() => {
    gateway.dispose();
  });
  const lockedBy = (pid: number, link = LOCK) => {
    fs.symlinkSync(`${pid} tunnel put west`, path.join(gateway.root, link));
  };
  /** A process that is over, and so is its pid. */
  const deadPid = () => spawnSync("true").pid;

  test("two at once run one after the other", async () => {
    const put =
      "put /etc/x 0600 root --activate 'echo begin >>$1.log; sleep 0.3; echo end >>$1.log'";
    const runs = [1, 2, 3].map((n) => gateway.start(put, { input: `${n}\n` }).done);
    const results = await Promise.all(runs);
    expect(results.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(gateway.read("etc/x.log")).toBe("begin\nend\n".repeat(3));
    expect(gateway.list("var/run")).toEqual([]);
  });

  test("a run that waits in vain names the holder and changes nothing", async () => {
    const holder = gateway.start("put /etc/held 0600 root --activate 'sleep 20'", { input: "x\n" });
    while (!gateway.exists("etc/held")) await sleep(20);
    const env = { GWCTL_LOCK_SECONDS: "1" };
    const run = gateway.run("put /etc/x 0600 root", { input: "x\n", env });
    process.kill(-holder.pid, "SIGKILL");
    await holder.done;
    expect(run.status).toBe(1);
    expect(run.stderr).toContain(
      `held by process ${holder.pid} put /etc/held 0600 for more than 1 s`,
    );
    expect(gateway.exists("etc/x")).toBe(false);
  });

  test("a queue that moves on is waited for, however long it is", async () => {
    const env = { GWCTL_LOCK_SECONDS: "6" };
    const runs = ["a", "b", "c", "d"].map((name) =>
      gateway.start(`put /etc/${name} 0600 root --activate 'sleep 2.5'`, { input: "x\n", env }),
    );
    const done = await Promise.all(runs.map((run) => run.done));
    expect(done.map(({ status, stderr }) => [status, stderr])).toEqual(done.map(() => [0, ""]));
  }, 60_000);

  test("the lock of a dead process is broken", () => {
    lockedBy(deadPid());
    expect(gateway.run("put /etc/x 0600 root", { input: "x\n" }).status).toBe(0);
    expect(gateway.list("var/run")).toEqual([]);
  });

  test("so is one whose breaker died breaking it", () => {
    const [holder, breaker] = [deadPid(), deadPid()];
    lockedBy(holder);
    lockedBy(breaker, `${LOCK}.${holder}`);
    expect(gateway.run("put /etc/x 0600 root", { input: "x\n" }).status).toBe(0);
    expect(gateway.list("var/run")).toEqual([]);
  });

  test("and one whose pid is another program's by now", () => {
    const other = spawn("sleep", ["20"]);
    lockedBy(other.pid ?? 0);
    const run = gateway.run("put /etc/x 0600 root", { input: "x\n" });
    other.kill();
    expect(run.status).toBe(0);
  });

  test("and one whose pid is another run's of gwctl by now", async () => {
    const other = gateway.start("put /etc/held 0600 root --activate 'sleep 20'", { input: "x\n" });
    while (!gateway.exists("etc/held")) await sleep(20);
    // The other one goes on, as it would between two passes of the watchdog.
    gateway.remove(LOCK);
    lockedBy(other.pid);
    const env = { GWCTL_LOCK_SECONDS: "2" };
    const run = gateway.run("put /etc/x 0600 root", { input: "x\n", env });
    process.kill(-other.pid, "SIGKILL");
    await other.done;
    expect([run.status, run.stderr]).toEqual([0, ""]);
  });

  // Taken for a dead one's, its lock would be broken while it works.
  test("a living holder is known by its words, whatever is in them", async () => {
    const path = "/etc/a+b.(c)[d]$";
    const holder = gateway.start(`--bytes 2 put '${path}' 0600 root --activate 'sleep 20'`, {
      input: "x\n",
    });
    while (!gateway.exists(path.slice(1))) await sleep(20);
    const env = { GWCTL_LOCK_SECONDS: "1" };
    const run = gateway.run("put /etc/x 0600 root", { input: "x\n", env });
    process.kill(-holder.pid, "SIGKILL");
    await holder.done;
    expect([run.status, gateway.exists("etc/x")]).toEqual([1, false]);
  });

  test("ten that find the same stale lock still run one after the other", async () => {
    lockedBy(deadPid());
    const put = "put /etc/x 0600 root --activate 'echo begin >>$1.log; echo end >>$1.log'";
    const runs = Array.from({ length: 10 }, (_, n) => gateway.start(put, { input: `${n}\n` }).done);
    expect((await Promise.all(runs)).filter(({ status }) => status !== 0)).toEqual([]);
    expect(gateway.read("etc/x.log")).toBe("begin\nend\n".repeat(10));
  }, 30_000);

  test("state asks while a change is under way", async () => {
    const holder = gateway.start("put /etc/held 0600 root --activate 'sleep 20'", { input: "x\n" });
    while (!gateway.exists("etc/held")) await sleep(20);
    const run = gateway.run("state", { env: { GWCTL_LOCK_SECONDS: "1" } });
    process.kill(-holder.pid, "SIGKILL");
    await holder.done;
    expect(run).toMatchObject({ status: 0, stderr: "" });
  });

  test("a run whose connection is lost ends what it began", async () => {
    const put = "put /etc/x 0600 root --activate 'sleep 0.5; echo done >$1.log'";
    const run = gateway.start(put, { input: "x\n" });
    while (!gateway.exists("etc/x")) await sleep(20);
    process.kill(run.pid, "SIGHUP");
    expect((await run.done).status).toBe(0);
    expect(gateway.read("etc/x.log")).toBe("done\n");
  });
});
