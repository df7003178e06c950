import { setTimeout as sleep } from "node:timers/promises";
import { describeShell, Scratch } from "./support/scratch";

const first = { SSH_CONNECTION: "10.10.0.254 40001 10.10.0.2 22" };
const second = { SSH_CONNECTION: "10.10.0.254 40002 10.10.0.2 22" };
const OLD = { input: "old\n" };
const NEW = { input: "new\n" };

const GOES_ON = /^pass (in|out) quick proto tcp from .* flags A\/SA keep state \(sloppy\)\n/gm;

/** What is off filters and admits nobody, and so proves nothing: it is turned on by a trial only. */
describeShell("gwctl: a service that is off", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.write("etc/pf.conf", OLD.input);
    gateway.fakeFile("pf", OLD.input);
    gateway.fakeFile("pf.off", "");
    gateway.write("etc/ssh/sshd_config", OLD.input, 0o644);
  });
  afterEach(() => {
    gateway.dispose();
  });
  /** The text that is loaded, without what lets a connection from before go on, and whether pf is on. */
  const pf = () =>
    `${gateway.fakeRead("pf").replace(GOES_ON, "").trimEnd()} ${off() ? "off" : "on"}`.trim();
  const off = () => gateway.fakeExists("pf.off");
  const sshd = () => gateway.fakeExists("running.sshd");
  const eventually = async (there: () => boolean) => {
    while (!there()) await sleep(50);
  };

  test("pf is turned on by the trial, and off again when it is not confirmed", async () => {
    expect(gateway.run("pf load 1", { ...NEW, env: first }).status).toBe(0);
    await eventually(() => off());
    await eventually(() => !gateway.exists("var/db/gwctl/pf.expired"));
    expect(pf()).toBe("old off");
    expect(gateway.run("pf confirm 30", { ...NEW, env: second }).status).toBe(2);
    expect(pf()).toBe("old off");
  });

  test("the connections of who turns pf on go on, new ones are the text's to decide", () => {
    gateway.run("pf load 30", { ...NEW, env: first });
    expect(gateway.fakeRead("pf").split("\n").slice(0, 3)).toEqual([
      "pass in quick proto tcp from 10.10.0.254 to any port 22 flags A/SA keep state (sloppy)",
      "pass out quick proto tcp from any port 22 to 10.10.0.254 flags A/SA keep state (sloppy)",
      "new",
    ]);
    gateway.run("pf confirm 30", { ...NEW, env: second });
    expect(gateway.fakeRead("pf")).toBe(NEW.input);
  });

  test("confirmed, it stays on, also after the next boot", () => {
    gateway.write("etc/rc.conf.local", "pf=NO\n");
    gateway.run("pf load 30", { ...NEW, env: first });
    expect(pf()).toBe("new on");
    expect(gateway.run("pf confirm 30", { ...NEW, env: second }).stdout).toBe(
      "changed: confirmed, pf enabled\n",
    );
    expect(gateway.run("pf settle", { ...NEW, env: first }).stdout).toBe("unchanged\n");
    expect(pf()).toBe("new on");
    expect(gateway.read("etc/rc.conf.local")).toBe("pf=YES\n");
  });

  test("so is the text that was confirmed before, and nothing else turns it on", async () => {
    expect(gateway.run("pf settle", { ...OLD, env: first }).status).toBe(2);
    expect(gateway.run("pf rollback").stdout).toBe("unchanged: pf is off\n");
    expect(pf()).toBe("old off");
    expect(gateway.run("pf load 1", { ...OLD, env: first }).stdout).toContain("to be confirmed");
    await eventually(() => off() && !gateway.exists("var/db/gwctl/pf.expired"));
    gateway.run("pf load 30", { ...OLD, env: first });
    expect(gateway.run("pf confirm 30", { ...OLD, env: second }).stdout).toContain("confirmed");
    expect(pf()).toBe("old on");
  });

  // What the stack confirms once more (components/openbsd/onTrial.ts): every trial has a word of its own.
  test("each trial is distinguished from the ones before, also that of the confirmed text", () => {
    const said = [
      gateway.run("pf load 30", { ...NEW, env: first }).stdout,
      gateway.run("pf load 30", { ...OLD, env: first }).stdout,
      gateway.run("pf confirm 30", { ...NEW, env: second }).stdout,
    ];
    const trials = said.map((text) => /\btrial (\d+\.\d+)\n$/.exec(text)?.[1]);
    expect([trials.includes(undefined), new Set(trials).size]).toEqual([false, 3]);
    gateway.run("pf rollback");
    gateway.fakeFile("pf.off", undefined);
    expect(gateway.run("pf load 30", { ...OLD, env: first }).stdout).not.toContain("trial");
  });

  test("of several trials in a row it is what was before the first that comes back", () => {
    gateway.run("pf load 30", { input: "one\n", env: first });
    gateway.run("pf load 30", { input: "two\n", env: first });
    expect(pf()).toBe("two on");
    gateway.run("pf rollback");
    expect(pf()).toBe("old off");
  });

  test("turned off during the trial, nothing is proven", () => {
    gateway.run("pf load 30", { ...NEW, env: first });
    gateway.fakeFile("pf.off", "");
    const run = gateway.run("pf confirm 30", { ...NEW, env: second });
    expect([run.status, run.stderr]).toEqual([1, expect.stringContaining("proves nothing")]);
    expect(gateway.read("etc/pf.conf")).toBe(OLD.input);
  });

  test("a reboot in between decides anew whether pf is on", () => {
    gateway.run("pf load 30", { ...NEW, env: first });
    gateway.endDeadMen();
    // rc(8) empties /var/run, turns pf on and loads the confirmed text.
    for (const name of gateway.list("var/run")) gateway.remove(`var/run/${name}`);
    gateway.fakeFile("pf", OLD.input);
    gateway.run("state");
    expect(pf()).toBe("old on");
  });

  test("killed anywhere, it ends off with the old text, or on with the one that was confirmed", () => {
    for (let killAt = 1, killed = true; killed; killAt++) {
      gateway.write("etc/pf.conf", OLD.input);
      gateway.fakeFile("pf", OLD.input);
      gateway.fakeFile("pf.off", "");
      killed = gateway.run("pf load 30", { ...NEW, env: first, killAt }).status === null;
      gateway.endDeadMen();
      gateway.run("pf rollback");
      expect([killAt, pf()]).toEqual([killAt, "old off"]);
    }
  }, 240_000);

  test("sshd is started by the trial, and stopped again when it is not confirmed", async () => {
    gateway.run("sshd load 1", { ...NEW, env: first });
    expect([sshd(), gateway.fakeRead("sshd")]).toEqual([true, NEW.input]);
    await eventually(() => !sshd());
    expect(gateway.read("etc/ssh/sshd_config")).toBe(OLD.input);
    expect(gateway.run("sshd settle", { ...OLD, env: second }).status).toBe(2);
    expect(sshd()).toBe(false);
  });

  test("only a connection to where the text lets sshd listen confirms it", () => {
    const elsewhere = { SSH_CONNECTION: "10.10.0.254 40002 10.10.0.2 2222" };
    gateway.run("sshd load 30", { ...NEW, env: first });
    const run = gateway.run("sshd confirm 30", { ...NEW, env: elsewhere });
    expect([run.status, run.stderr]).toEqual([1, expect.stringContaining("came to port 2222")]);
    expect(gateway.run("sshd confirm 30", { ...NEW, env: second }).status).toBe(0);
    expect(gateway.read("etc/ssh/sshd_config")).toBe(NEW.input);
  });

  test("flags that count instead of the text are refused: the trial would be of something else", () => {
    gateway.write("etc/rc.conf.local", "sshd_flags=-f /etc/ssh/other\n");
    const run = gateway.run("sshd load 30", { ...NEW, env: first });
    expect([run.status, run.stderr]).toEqual([1, expect.stringContaining("sshd_flags")]);
    expect(sshd()).toBe(false);
  });
});
