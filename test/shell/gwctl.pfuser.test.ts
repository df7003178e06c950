import { setTimeout as sleep } from "node:timers/promises";
import { describeShell, Scratch } from "./support/scratch";

const first = { SSH_CONNECTION: "10.10.0.254 40001 10.10.0.2 22" };
const second = { SSH_CONNECTION: "10.10.0.254 40002 10.10.0.2 22" };
const MAIN = 'pass in\nanchor "user" all\n';
const OLD = { input: "pass old\n" };
const NEW = { input: "pass new\n" };
/** What rc(8) loads before the network starts, as `pfctl -sr` prints it (etc/rc, print_rule). */
const RC = "block drop all\npass out proto carp all !received-on any keep state (no-sync)\n";

describeShell("gwctl pfuser", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.write("etc/pf.conf", MAIN);
    gateway.fakeFile("pf", MAIN);
    gateway.write("etc/pf.user.conf", OLD.input);
    gateway.fakeFile("pf.user", OLD.input);
    gateway.write("etc/gwctl.watch", "off\n");
  });
  afterEach(() => {
    gateway.dispose();
  });
  const anchor = () => gateway.fakeRead("pf.user");
  const eventually = async (there: () => boolean) => {
    while (!there()) await sleep(50);
  };
  const logged = () => gateway.calls().filter((call) => call.startsWith("logger"));

  test("rules on trial are in the anchor only, and are taken back unless they are confirmed", async () => {
    gateway.run("pfuser load 1", { ...NEW, env: first });
    expect([gateway.fakeRead("pf"), gateway.read("etc/pf.user.conf")]).toEqual([MAIN, OLD.input]);
    await eventually(() => anchor() === OLD.input);
    gateway.run("pfuser confirm 30", { ...NEW, env: second });
    expect(gateway.run("pfuser confirm 30", { ...NEW, env: second }).stdout).toMatch(
      /^armed: trial /,
    );
    expect(anchor()).toBe(NEW.input);
    expect(gateway.run("pfuser settle", { ...NEW, env: first }).stdout).toBe(
      "changed: confirmed\n",
    );
    expect([anchor(), gateway.read("etc/pf.user.conf")]).toEqual([NEW.input, NEW.input]);
  });

  test("with pf off nothing would be tried: refused", () => {
    gateway.fakeFile("pf.off", "");
    const run = gateway.run("pfuser load 30", { ...NEW, env: first });
    expect([run.status, run.stderr]).toEqual([1, expect.stringContaining("pf is off")]);
    expect(anchor()).toBe(OLD.input);
  });

  test("what is wrong in them keeps no return of the main rules", () => {
    gateway.run("pf load 30", { ...NEW, env: first });
    gateway.write("etc/pf.user.conf", "UNLOADABLE\n");
    expect(gateway.run("pf rollback").stdout).toBe("changed: unconfirmed text taken back\n");
    expect(gateway.fakeRead("pf")).toBe(MAIN);
  });

  test("where the confirmed ones do not load, none do, and that is said", async () => {
    gateway.run("pfuser load 1", { ...NEW, env: first });
    gateway.write("etc/pf.user.conf", "UNLOADABLE\n");
    await eventually(() => gateway.exists("var/db/gwctl/pfuser.stuck"));
    expect(anchor()).toBe("");
    expect(gateway.run("state").stdout).toMatch(/^pfuser stuck \d+ none of the further rules do$/m);
    expect(gateway.run("pfuser rollback").status).toBe(3);
  });

  test("the state lists their file, which no `put` ever noted", () => {
    expect(gateway.run("state").stdout).toMatch(/^[0-9a-f]{64} 0600 \/etc\/pf\.user\.conf$/m);
  });

  test("the state has a sum of what is loaded and of the file, apart from those of pf.conf", () => {
    const sums = (what: string) =>
      [...gateway.run("state").stdout.matchAll(/^(pf|pfuser) (loaded|file) (\S+)$/gm)]
        .filter(([, kind]) => kind === what)
        .map(([, , , sum]) => sum);
    const same = sums("pfuser");
    expect(new Set(same).size).toBe(1);
    gateway.fakeFile("pf.user", "by hand\n");
    expect(new Set(sums("pfuser")).size).toBe(2);
    expect(new Set(sums("pf")).size).toBe(1);
    expect(gateway.run("pfuser load 30", OLD).stdout).toBe("changed: rules loaded again\n");
    expect(sums("pfuser")).toEqual(same);
  });

  test("pf.conf that did not load at boot is loaded by the watchdog's first pass, and that is logged", () => {
    gateway.fakeFile("pf", RC);
    expect(gateway.run("state").stdout).toMatch(/^pf boot$/m);
    gateway.run("watch once");
    expect(gateway.fakeRead("pf")).toBe(MAIN);
    expect(logged()).toContainEqual(expect.stringMatching(/pf.conf did not load at boot.*no IKE/));
    expect(gateway.run("state").stdout).not.toMatch(/^pf boot$/m);
  });

  test("one that never loads leaves the last resort instead, at each boot", () => {
    gateway.write("etc/pf.conf", "UNLOADABLE\n");
    gateway.write("var/db/gwctl/pf.last", "the last resort\n");
    gateway.fakeFile("pf", RC);
    gateway.run("watch once");
    expect(gateway.fakeRead("pf")).toBe("the last resort\n");
    expect(gateway.run("state").stdout).toMatch(/^pf stuck \d+ the last resort does/m);
    gateway.write("etc/pf.conf", MAIN);
    gateway.run("watch once");
    expect(gateway.fakeRead("pf")).toBe(MAIN);
  });

  test("further rules that did not load at boot are loaded then too", () => {
    gateway.fakeFile("pf.user", "");
    gateway.run("watch once");
    expect(anchor()).toBe(OLD.input);
    expect(logged()).toContainEqual(expect.stringContaining("pf.user.conf did not load at boot"));
  });

  test("also those that pfctl refuses, of which it prints as many as run then: none", () => {
    gateway.write("etc/pf.user.conf", "BAD\n");
    gateway.fakeFile("pf.user", "");
    gateway.run("watch once");
    const { stdout } = gateway.run("state");
    expect(stdout).toMatch(/^pfuser stuck \d+ none of the further rules do$/m);
    expect(stdout).toMatch(/^pfuser loaded /m);
    expect(stdout).not.toMatch(/^pfuser file /m);
  });

  test("the watchdog leaves rules alone that were loaded by hand", () => {
    gateway.fakeFile("pf", "by hand\n");
    gateway.fakeFile("pf.user", "by hand\n");
    gateway.run("watch once");
    expect([gateway.fakeRead("pf"), anchor()]).toEqual(["by hand\n", "by hand\n"]);
  });
});
