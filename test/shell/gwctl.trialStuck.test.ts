import { setTimeout as sleep } from "node:timers/promises";
import { describeShell, Scratch } from "./support/scratch";

const first = { SSH_CONNECTION: "10.10.0.254 40001 10.10.0.2 22" };
const second = { SSH_CONNECTION: "10.10.0.254 40002 10.10.0.2 22" };
const OLD = "# gwctl last old admins\n# gwctl last old peers\nthe rest of old\n";
const NEW = { input: "# gwctl last new admins\nthe rest of new\n" };
const LAST = "old admins\nold peers\n";

/** The confirmed text does not load at the moment it is needed: names that do not resolve, a broken disk. */
describeShell("gwctl: a return that fails", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.write("etc/pf.conf", OLD);
    gateway.fakeFile("pf", OLD);
    gateway.write("etc/gwctl.watch", "off\n");
  });
  afterEach(() => {
    gateway.dispose();
  });
  const loaded = () => gateway.fakeRead("pf");
  const stuck = () => gateway.read("var/db/gwctl/pf.stuck");
  const eventually = async (there: () => boolean) => {
    while (!there()) await sleep(50);
  };
  /** NEW on trial over an OLD that no longer loads. */
  const breakAndExpire = async () => {
    gateway.run("pf load 30", { ...NEW, env: first });
    gateway.run("pf rollback");
    gateway.write("etc/pf.conf", OLD + "UNLOADABLE\n");
    gateway.run("pf load 1", { ...NEW, env: first });
    await eventually(() => stuck() !== undefined);
  };

  test("the last resort runs: what the confirmed text says for the administrators and the peers", async () => {
    await breakAndExpire();
    expect(loaded()).toBe(LAST);
    expect(gateway.calls()).toContainEqual(
      expect.stringMatching(/^logger .*daemon.err pf: the confirmed text does not run: the last/),
    );
  });

  test("the dead-man goes on until the confirmed text runs", async () => {
    await breakAndExpire();
    gateway.write("etc/pf.conf", OLD);
    await eventually(() => loaded() === OLD);
    await eventually(() => stuck() === undefined);
    expect(gateway.exists("var/db/gwctl/pf.expired")).toBe(false);
  }, 60_000);

  test("where the dead-man is gone, the watchdog's next pass does it", async () => {
    await breakAndExpire();
    gateway.endDeadMen();
    gateway.run("watch once");
    expect(loaded()).toBe(LAST);
    gateway.write("etc/pf.conf", OLD);
    gateway.run("watch once");
    expect([loaded(), stuck()]).toEqual([OLD, undefined]);
  });

  test("it is said by state, by every run that changes something, and by rollback with status 3", async () => {
    await breakAndExpire();
    gateway.endDeadMen();
    expect(gateway.run("state").stdout).toMatch(/^pf stuck \d+ the last resort does, SSH from/m);
    expect(gateway.run("put /etc/x 0600 root", { input: "x\n" })).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("/etc/pf.conf: the confirmed text does not run") as string,
    });
    const run = gateway.run("pf rollback");
    expect([run.status, run.stdout]).toEqual([3, ""]);
    gateway.write("etc/pf.conf", OLD);
    expect(gateway.run("pf rollback")).toMatchObject({ status: 0, stdout: "unchanged\n" });
    expect(loaded()).toBe(OLD);
    expect(gateway.run("state").stdout).not.toContain("stuck");
  });

  test("rollback also loads the confirmed text where other rules run, whoever loaded them", () => {
    gateway.fakeFile("pf", "by hand\n");
    expect(gateway.run("pf rollback").stdout).toBe("changed: rules loaded again\n");
    expect(loaded()).toBe(OLD);
  });

  test("sent again, a confirmed text that does not load is an error, not `unchanged`", () => {
    const text = "old\nUNLOADABLE\n";
    gateway.write("etc/pf.conf", text);
    expect(gateway.run("pf load 30", { input: text }).status).toBe(3);
  });

  test("a new trial is the way out: it runs, and the earlier return leaves it alone", async () => {
    await breakAndExpire();
    gateway.run("pf load 30", { ...NEW, env: first });
    expect([loaded(), stuck()]).toEqual([NEW.input, undefined]);
    await sleep(6000);
    expect(loaded()).toBe(NEW.input);
    expect(gateway.run("pf confirm 30", { ...NEW, env: second }).status).toBe(0);
    expect([loaded(), gateway.read("etc/pf.conf")]).toEqual([NEW.input, NEW.input]);
  }, 60_000);

  test("a confirmation that was cut off is finished by the watchdog's pass", () => {
    gateway.run("pf load 30", { ...NEW, env: first });
    gateway.fakeFile("fail", "^pfctl -f");
    expect(gateway.run("pf confirm 30", { ...NEW, env: second }).status).toBe(3);
    gateway.endDeadMen();
    gateway.fakeFile("fail", undefined);
    gateway.run("watch once");
    expect([loaded(), stuck(), gateway.exists("var/db/gwctl/pf.settling")]).toEqual([
      NEW.input,
      undefined,
      false,
    ]);
  });

  test("before any text of ours was confirmed, the last resort lets in who loads it", async () => {
    gateway.write("etc/pf.conf", "UNLOADABLE\n");
    gateway.run("pf load 1", { ...NEW, env: first });
    await eventually(() => stuck() !== undefined);
    expect(loaded()).toBe(
      "block all\npass on lo\nnew admins\npass in quick proto tcp from 10.10.0.254 to any port 22\n",
    );
  });

  test("once per failure it is logged, not at each attempt", async () => {
    await breakAndExpire();
    gateway.endDeadMen();
    gateway.calls();
    gateway.run("watch once");
    gateway.run("watch once");
    expect(gateway.calls().filter((call) => call.startsWith("logger"))).toEqual([]);
  });
});
