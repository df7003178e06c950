import { describeShell, Scratch } from "./support/scratch";

const PUT = "put /etc/sysctl.conf 0644 root:wheel --check 'pfctl -nf $1' --activate 'pfctl -f $1'";

describeShell("gwctl put", () => {
  let gateway: Scratch;
  beforeEach(() => (gateway = new Scratch()));
  afterEach(() => {
    gateway.dispose();
  });
  const activations = () => gateway.calls().filter((call) => call.startsWith("pfctl -f"));

  test("writes, activates, and keeps the previous text", () => {
    expect(gateway.run(PUT, { input: "a=1\n" })).toEqual({
      status: 0,
      stdout: "changed: /etc/sysctl.conf\n",
      stderr: "",
    });
    gateway.run(PUT, { input: "a=2\n" });
    expect(gateway.read("etc/sysctl.conf")).toBe("a=2\n");
    expect(gateway.read("etc/sysctl.conf.prev")).toBe("a=1\n");
    expect(gateway.mode("etc/sysctl.conf")).toBe("644");
    expect(gateway.fakeRead("pf")).toBe("a=2\n");
    expect(gateway.calls()).toContain("chown root:wheel /etc/sysctl.conf.new");
  });

  test("does not activate an unchanged text", () => {
    gateway.run(PUT, { input: "a=1\n" });
    gateway.calls();
    expect(gateway.run(PUT, { input: "a=1\n" }).stdout).toBe("unchanged\n");
    expect(activations()).toEqual([]);
    expect(gateway.exists("etc/sysctl.conf.new")).toBe(false);
  });

  // A connection may break at the end of a line: what arrived then is as valid as the whole.
  test("a text of which only some arrived is refused, whatever takes it: status 1", () => {
    gateway.run("put /etc/x 0600 root", { input: "one\n" });
    gateway.write("etc/pf.conf", "old\n");
    gateway.write("etc/ssh/sshd_config", "old\n", 0o644);
    for (const command of [
      "put /etc/x 0600 root",
      "tunnel put iked west",
      "ike iked",
      "services",
      "sysctl",
      "packages",
      "watch set",
      "pf load 30",
      "pf confirm 30",
      "pf settle",
      "pfuser load 30",
      "sshd load 30",
      "reboot begin",
      "reboot end 30",
    ]) {
      gateway.calls();
      const run = gateway.run(`--bytes 12 ${command}`, { input: "# one\n" });
      expect([command, run.status, run.stdout]).toEqual([command, 1, ""]);
      expect([command, run.stderr]).toEqual([
        command,
        expect.stringMatching(/^gwctl: \/.*: 6 of its 12 bytes arrived: send the whole text\n$/),
      ]);
      expect([command, gateway.calls().filter((call) => /^(pfctl -f|rcctl)/.test(call))]).toEqual([
        command,
        [],
      ]);
    }
    expect(gateway.read("etc/x")).toBe("one\n");
    expect(gateway.list("etc")).toEqual(["iked", "pf.conf", "ssh", "x"]);
    expect(["iked", "ssh"].flatMap((name) => gateway.list(`etc/${name}`))).toEqual(["sshd_config"]);
    const whole = gateway.run("--bytes 4 put /etc/x 0600 root", { input: "two\n" });
    expect([whole.status, gateway.read("etc/x")]).toEqual([0, "two\n"]);
  }, 60_000);

  test("a size that is none is refused: status 64", () => {
    for (const size of ["--bytes -1", "--bytes", "--bytes 1x", "--bytes none"]) {
      expect(gateway.run(`${size} put /etc/x 0600 root`, { input: "one\n" }).status).toBe(64);
    }
    expect(gateway.exists("etc/x")).toBe(false);
  });

  test("puts a wrong mode right without activating", () => {
    gateway.write("etc/sysctl.conf", "a=1\n", 0o666);
    expect(gateway.run(PUT, { input: "a=1\n" }).stdout).toBe("changed: mode and owner\n");
    expect(gateway.mode("etc/sysctl.conf")).toBe("644");
    expect(activations()).toEqual([]);
  });

  test("a refused text leaves everything as it was: status 1", () => {
    gateway.run(PUT, { input: "a=1\n" });
    gateway.calls();
    const run = gateway.run(PUT, { input: "BAD\n" });
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^gwctl: \/etc\/sysctl\.conf: refused by its check: /);
    expect(run.stderr).toContain("syntax error");
    expect(gateway.read("etc/sysctl.conf")).toBe("a=1\n");
    expect(gateway.list("etc")).toEqual(["iked", "sysctl.conf"]);
    expect(activations()).toEqual([]);
  });

  test("a text that does not activate is replaced by the previous one: status 2", () => {
    gateway.run(PUT, { input: "a=1\n" });
    const run = gateway.run(PUT, { input: "UNLOADABLE\n" });
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expect(run.stderr).toContain("activation failed");
    expect(gateway.read("etc/sysctl.conf")).toBe("a=1\n");
    expect(activations().slice(-2)).toHaveLength(2);
    expect(gateway.fakeRead("pf")).toBe("a=1\n");
    expect(gateway.run(PUT, { input: "a=1\n" }).stdout).toBe("unchanged\n");
  });

  test("a first text that does not activate is removed: status 2", () => {
    expect(gateway.run(PUT, { input: "UNLOADABLE\n" }).status).toBe(2);
    expect(gateway.exists("etc/sysctl.conf")).toBe(false);
  });

  test("when the previous text does not activate either: status 3, and the repeat tries again", () => {
    gateway.run(PUT, { input: "a=1\n" });
    gateway.fakeFile("fail", "^pfctl -f");
    expect(gateway.run(PUT, { input: "a=2\n" }).status).toBe(3);
    expect(gateway.read("etc/sysctl.conf")).toBe("a=1\n");
    gateway.fakeFile("fail", undefined);
    expect(gateway.run(PUT, { input: "a=1\n" }).stdout).toBe("changed: /etc/sysctl.conf\n");
  });

  test("what a killed run left behind is neither used nor readable", () => {
    gateway.write("etc/sysctl.conf.new", "left=1\n", 0o666);
    gateway.write("etc/sysctl.conf.prev", "left=2\n");
    const put = "put /etc/sysctl.conf 0600 root --activate 'pfctl -f $1'";
    expect(gateway.run(put, { input: "UNLOADABLE\n" }).status).toBe(2);
    expect(gateway.exists("etc/sysctl.conf")).toBe(false);
    gateway.run(put, { input: "a=1\n" });
    expect(gateway.mode("etc/sysctl.conf")).toBe("600");
  });

  test.each(["", "a=1\nb"])("a text that a broken connection cut off is refused: %j", (input) => {
    gateway.run(PUT, { input: "a=0\n" });
    const run = gateway.run(PUT, { input });
    expect([run.status, run.stderr]).toEqual([1, expect.stringContaining("whole text")]);
    expect(gateway.read("etc/sysctl.conf")).toBe("a=0\n");
  });

  test("a directory that is not there is a clear refusal", () => {
    const run = gateway.run("put /nowhere/file 0600 root", { input: "x\n" });
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^gwctl: \/nowhere\/file: cannot be written: /);
  });

  test.each([
    "",
    "nonsense",
    "put",
    "put relative/path 0600 root",
    "put /etc/x 0600 root --chek true",
    "put /etc/x 0600 root --check",
    "ike charon",
    "tunnel put iked West",
    "tunnel put iked west enabled",
    "tunnel put iked ../../etc/passwd",
    "tunnel put iked a2345678901234567890123456789012",
    "tunnel remove",
    "pf load",
    "pf load 0",
    "pf load soon",
    "pf rollback now",
  ])("usage: %s", (args) => {
    const run = gateway.run(args);
    expect(run).toMatchObject({ status: 64, stdout: "" });
    expect(run.stderr).toMatch(/^gwctl: .*: see gwctl --help\n$/);
    expect(gateway.list("etc")).toEqual(["iked"]);
  });

  test("--help and version", () => {
    expect(gateway.run("--help").stdout).toMatch(/^usage: gwctl /);
    expect(gateway.run("version").stdout).toMatch(/^\d+\n$/);
  });
});
