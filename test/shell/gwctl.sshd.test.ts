import { setTimeout as sleep } from "node:timers/promises";
import { describeShell, Scratch } from "./support/scratch";

const first = { SSH_CONNECTION: "10.10.0.254 40001 10.10.0.2 22" };
const second = { SSH_CONNECTION: "10.10.0.254 40002 10.10.0.2 22" };
const CONFIG = "etc/ssh/sshd_config";
const OLD = { input: "PermitRootLogin yes\n" };
const NEW = { input: "PermitRootLogin prohibit-password\n" };

describeShell("gwctl sshd", () => {
  let gateway: Scratch;
  const untouched = () => {
    gateway.write(CONFIG, OLD.input, 0o644);
    gateway.run("sshd rollback");
    gateway.fakeFile("sshd", OLD.input);
    gateway.fakeFile("running.sshd", "");
  };
  beforeEach(() => {
    gateway = new Scratch();
    untouched();
  });
  afterEach(() => {
    gateway.dispose();
  });
  /** What new connections meet; undefined when nobody listens. */
  const serving = () =>
    gateway.fakeRead("running.sshd") === "" ? gateway.fakeRead("sshd") : undefined;
  const armed = () => gateway.exists("var/db/gwctl/sshd.armed");
  const eventually = async (there: () => boolean) => {
    while (!there()) await sleep(50);
  };

  test("settings on trial serve, but the confirmed ones boot", () => {
    expect(gateway.run("sshd load 30", { ...NEW, env: first })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(
        "to be confirmed from another connection within 30 s",
      ) as string,
    });
    expect([serving(), gateway.read(CONFIG)]).toEqual([NEW.input, OLD.input]);
    expect(gateway.run("sshd confirm 30", { ...NEW, env: first }).status).toBe(1);
    expect(gateway.run("sshd confirm 30", { ...NEW, env: second }).stdout).toBe(
      "changed: confirmed\n",
    );
    expect([serving(), gateway.read(CONFIG)]).toEqual([NEW.input, NEW.input]);
    expect(gateway.mode(CONFIG)).toBe("644");
    expect(gateway.run("sshd load 30", { ...NEW, env: first }).stdout).toBe("unchanged\n");
  });

  test("unconfirmed, they are taken back, that is logged, and the run that finds it fails", async () => {
    gateway.run("sshd load 1", { ...NEW, env: first });
    await eventually(() => !armed() && serving() === OLD.input);
    expect(gateway.calls()).toContainEqual(expect.stringMatching(/^logger .*sshd: taken back/));
    const run = gateway.run("sshd confirm 30", { ...NEW, env: second });
    expect([run.status, run.stderr]).toEqual([2, expect.stringContaining("not confirmed within")]);
  });

  test("refused by sshd -t: 1; with what ends the listener: 2, and it serves again", () => {
    expect(gateway.run("sshd load 30", { input: "BAD\n" }).status).toBe(1);
    expect(serving()).toBe(OLD.input);
    const run = gateway.run("sshd load 30", { input: "UNLOADABLE\n" });
    expect([run.status, run.stderr]).toEqual([2, expect.stringContaining("did not come back")]);
    expect([serving(), gateway.read(CONFIG), armed()]).toEqual([OLD.input, OLD.input, false]);
    expect(gateway.list("etc/ssh")).toEqual(["sshd_config"]);
  });

  test("killed anywhere between load and confirmation, it ends confirmed and never half", () => {
    for (let killAt = 1, killed = true; killed; killAt++) {
      untouched();
      gateway.run("sshd load 30", { ...NEW, env: first, killAt });
      gateway.endDeadMen();
      gateway.run("sshd rollback");
      expect([killAt, serving(), gateway.read(CONFIG)]).toEqual([killAt, OLD.input, OLD.input]);

      gateway.run("sshd load 30", { ...NEW, env: first });
      killed = gateway.run("sshd confirm 30", { ...NEW, env: second, killAt }).status === null;
      gateway.run("sshd confirm 30", { ...NEW, env: second });
      gateway.run("sshd confirm 30", { ...NEW, env: first });
      expect([killAt, serving(), gateway.read(CONFIG)]).toEqual([killAt, NEW.input, NEW.input]);
      expect(gateway.list("etc/ssh")).toEqual(["sshd_config", "sshd_config.prev"]);
      expect(gateway.list("var/db/gwctl")).not.toContain("sshd.settling");
    }
  }, 240_000);
});
