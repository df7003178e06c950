import { setTimeout as sleep } from "node:timers/promises";
import { describeShell, Scratch } from "./support/scratch";

const first = { SSH_CONNECTION: "10.10.0.254 40001 10.10.0.2 22" };
const second = { SSH_CONNECTION: "10.10.0.254 40002 10.10.0.2 22" };
const OLD = { input: "old\n" };
const NEW = { input: "new\n" };

describeShell("gwctl pf", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.write("etc/pf.conf", OLD.input);
    gateway.fakeFile("pf", OLD.input);
  });
  afterEach(() => {
    gateway.dispose();
  });
  const loaded = () => gateway.fakeRead("pf");
  const armed = () => gateway.exists("var/db/gwctl/pf.armed");

  /** Waits until the gateway gets there by itself; the test's own time limit ends the waiting. */
  const eventually = async (there: () => boolean) => {
    while (!there()) await sleep(50);
  };

  test("an unconfirmed ruleset is taken back, and that is logged", async () => {
    expect(gateway.run("pf load 1", NEW).status).toBe(0);
    await eventually(() => !armed() && loaded() === OLD.input);
    expect(gateway.read("etc/pf.conf")).toBe(OLD.input);
    expect(gateway.calls()).toContainEqual(expect.stringMatching(/^logger .*not confirmed/));
  });

  test("the run returns while the dead-man waits: nothing of it keeps ssh open", () => {
    expect(gateway.run("pf load 30", { ...NEW, env: first })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(
        "to be confirmed from another connection within 30 s",
      ) as string,
    });
    expect(armed()).toBe(true);
    expect(loaded()).toBe(NEW.input);
  });

  test("a confirmed ruleset stays, and becomes the one that boots", async () => {
    gateway.run("pf load 2", { ...NEW, env: first });
    expect(gateway.run("pf confirm 2", { ...NEW, env: second }).stdout).toBe(
      "changed: confirmed\n",
    );
    await sleep(2500);
    expect(loaded()).toBe(NEW.input);
    expect(gateway.read("etc/pf.conf")).toBe(NEW.input);
    expect(gateway.read("etc/pf.conf.prev")).toBe(OLD.input);
    expect(gateway.mode("etc/pf.conf")).toBe("600");
  });

  test("until then the old one boots", () => {
    gateway.run("pf load 30", NEW);
    expect(gateway.read("etc/pf.conf")).toBe(OLD.input);
  });

  test("the connection that loaded it cannot confirm it", () => {
    gateway.run("pf load 30", { ...NEW, env: first });
    const run = gateway.run("pf confirm 30", { ...NEW, env: first });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain("confirm over a new SSH connection");
    expect(gateway.read("etc/pf.conf")).toBe(OLD.input);
    expect(gateway.run("pf confirm 30", { ...NEW, env: second }).status).toBe(0);
  });

  test("a ruleset that was taken back fails the run, once", async () => {
    gateway.run("pf load 1", { ...NEW, env: first });
    await eventually(() => !armed() && loaded() === OLD.input);
    const run = gateway.run("pf confirm 30", { ...NEW, env: second });
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expect(run.stderr).toMatch(
      /^gwctl: \/etc\/pf\.conf: taken back at .*not confirmed within 1 s: /,
    );
    expect([loaded(), armed()]).toEqual([OLD.input, false]);
  });

  test("the next run's confirm arms it again, and a new connection settles it", async () => {
    gateway.run("pf load 1", { ...NEW, env: first });
    await eventually(() => !armed() && loaded() === OLD.input);
    gateway.run("pf confirm 30", { ...NEW, env: second });
    expect(gateway.run("pf confirm 30", { ...NEW, env: second })).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^armed: trial /) as string,
    });
    expect(loaded()).toBe(NEW.input);
    expect(gateway.read("etc/pf.conf")).toBe(OLD.input);
    expect(gateway.run("pf settle", { ...NEW, env: first }).stdout).toBe("changed: confirmed\n");
  });

  test("settle never arms: no run ends well with a ruleset that is still on trial", async () => {
    gateway.run("pf load 1", { ...NEW, env: first });
    await eventually(() => !armed() && loaded() === OLD.input);
    expect(gateway.run("pf settle", { ...NEW, env: second }).status).toBe(2);
    const again = gateway.run("pf settle", { ...NEW, env: second });
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining("not on trial")]);
    expect([loaded(), armed()]).toEqual([OLD.input, false]);
    expect(gateway.run("pf settle", OLD).stdout).toBe("unchanged\n");
  });

  test("a changed ruleset is not held responsible for the one that was taken back", async () => {
    gateway.run("pf load 1", { ...NEW, env: first });
    await eventually(() => !armed() && loaded() === OLD.input);
    expect(gateway.run("pf confirm 30", { input: "other\n", env: second }).stdout).toMatch(
      /^armed: trial /,
    );
  });

  test("a confirmed text is unchanged for load and for confirm", () => {
    gateway.calls();
    expect(gateway.run("pf load 30", OLD).stdout).toBe("unchanged\n");
    expect(gateway.run("pf confirm 30", OLD).stdout).toBe("unchanged\n");
    expect(gateway.calls().filter((call) => call.startsWith("pfctl -f"))).toEqual([]);
  });

  test.each(["state", "pf rollback", "put /etc/x 0600 root"])(
    "killed with its dead-man, it is taken back by the next gwctl: %s",
    (args) => {
      gateway.run("pf load 30", NEW);
      gateway.endDeadMen();
      gateway.run(args);
      expect(loaded()).toBe(OLD.input);
      expect(armed()).toBe(false);
    },
  );

  test("a ruleset whose dead-man died is armed again, not confirmed", () => {
    gateway.run("pf load 30", { ...NEW, env: first });
    gateway.endDeadMen();
    expect(gateway.run("pf confirm 30", { ...NEW, env: second }).stdout).toMatch(/^armed: trial /);
  });

  test("a second load replaces the first; going back to the confirmed text withdraws it", async () => {
    gateway.run("pf load 1", { input: "one\n" });
    gateway.run("pf load 30", { input: "two\n" });
    await sleep(1500);
    expect(loaded()).toBe("two\n");
    expect(gateway.run("pf load 30", OLD).stdout).toContain("taken back");
    expect(loaded()).toBe(OLD.input);
  });

  test("rollback", () => {
    expect(gateway.run("pf rollback").stdout).toBe("unchanged\n");
    gateway.run("pf load 30", NEW);
    expect(gateway.run("pf rollback").stdout).toBe("changed: unconfirmed text taken back\n");
    expect(loaded()).toBe(OLD.input);
  });

  test("refused rules: 1; rules that do not load: 2; and the old ones neither: 3", () => {
    expect(gateway.run("pf load 30", { input: "BAD\n" }).status).toBe(1);
    expect(gateway.run("pf load 30", { input: "UNLOADABLE\n" }).status).toBe(2);
    expect([loaded(), armed()]).toEqual([OLD.input, false]);
    gateway.fakeFile("fail", "^pfctl -f");
    expect(gateway.run("pf load 30", NEW).status).toBe(3);
    expect(gateway.list("etc")).toEqual(["iked", "pf.conf"]);
  });

  test("killed anywhere between load and confirmation, it ends confirmed and never half", () => {
    for (let killAt = 1, killed = true; killed; killAt++) {
      gateway.write("etc/pf.conf", OLD.input);
      gateway.fakeFile("pf", OLD.input);
      gateway.run("pf load 30", { ...NEW, env: first, killAt });
      gateway.endDeadMen();
      gateway.run("pf rollback");
      expect([killAt, loaded(), gateway.read("etc/pf.conf")]).toEqual([killAt, "old\n", "old\n"]);

      gateway.run("pf load 30", { ...NEW, env: first });
      killed = gateway.run("pf confirm 30", { ...NEW, env: second, killAt }).status === null;
      gateway.run("pf confirm 30", { ...NEW, env: second });
      gateway.run("pf confirm 30", { ...NEW, env: first });
      expect([killAt, loaded(), gateway.read("etc/pf.conf")]).toEqual([killAt, "new\n", "new\n"]);
      expect([armed(), gateway.exists("var/db/gwctl/pf.settling")]).toEqual([false, false]);
    }
  }, 240_000);
});
