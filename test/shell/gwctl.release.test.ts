import { describeShell, Scratch } from "./support/scratch";

describeShell("gwctl release", () => {
  let gateway: Scratch;
  beforeEach(() => (gateway = new Scratch()));
  afterEach(() => {
    gateway.dispose();
  });

  const unfinished = () => /^unfinished (.*)$/m.exec(gateway.run("release facts").stdout)?.[1];

  test("knows an upgrade that began and is not done, and no other one", () => {
    expect(unfinished()).toBe("no");
    expect(gateway.run("release fetch")).toMatchObject({
      status: 0,
      stdout: "changed: the next release is installed at the next boot\n",
    });
    // Nobody has rebooted yet: there is nothing to bring to its end.
    expect(unfinished()).toBe("no");
    gateway.fakeFile("release", "8.0\n");
    expect(unfinished()).toBe("yes");
    gateway.fakeFile("unmerged", "/etc/rc.conf\n");
    gateway.write("var/db/gwctl/packages", "rsync\n");
    expect(gateway.run("release finish").stdout).toBe(
      "sysmerge /etc/rc.conf\nchanged: packages updated\n",
    );
    expect(gateway.calls()).toEqual(expect.arrayContaining(["sysmerge -b", "pkg_add -u -I"]));
    expect(unfinished()).toBe("no");
  });

  test("is not done as long as the tunnels of before the reboot are not proven again", () => {
    gateway.write("var/db/gwctl/reboot", "west\n");
    expect(unfinished()).toBe("yes");
    const probe = "west 10.10.0.2 10.20.1.100\n";
    expect(gateway.run("reboot end 21", { input: probe }).status).toBe(0);
    expect(unfinished()).toBe("no");
  });

  test("a fetch that fails says what sysupgrade said, and leaves the old release alone", () => {
    gateway.fakeFile("fail", "^sysupgrade");
    const run = gateway.run("release fetch");
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("sysupgrade: fails as asked");
    expect(unfinished()).toBe("no");
  });

  test.each(["fetch", "finish"])("%s, killed at any point, is done by the next run", (step) => {
    let killed = true;
    for (let killAt = 1; killed; killAt++) {
      gateway.fakeFile("release", "8.0\n");
      gateway.write("var/db/gwctl/upgrade", "7.9\n");
      gateway.write("var/db/gwctl/packages", "rsync\n");
      killed = gateway.run(`release ${step}`, { killAt }).status === null;
      const does = step === "fetch" ? "sysupgrade -n" : "pkg_add -u -I";
      // What is not done is known, or another run would leave it out.
      const done = gateway.calls().includes(does);
      if (step === "finish" && !done) expect([killAt, unfinished()]).toEqual([killAt, "yes"]);
      expect(gateway.run(`release ${step}`)).toMatchObject({ status: 0, stderr: "" });
      expect([killAt, gateway.calls()]).toEqual([killAt, expect.arrayContaining([does])]);
      if (step === "finish") expect(unfinished()).toBe("no");
      expect(gateway.list("var/run")).toEqual([]);
      if (!killed) expect(killAt).toBeGreaterThan(3);
    }
  });
});
