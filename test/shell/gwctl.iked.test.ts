import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel } from "./support/texts";

const EAST = ikedTunnel({ name: "east" });
const WEST_ID = "FQDN/west.example.net";

describeShell("gwctl with iked", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.run("services", { input: IKED_ON });
  });
  afterEach(() => {
    gateway.dispose();
  });
  const put = (text: string, name = "west", more = "") =>
    gateway.run(`tunnel put iked ${name} ${more}`, { input: text });
  /** What was done to the daemon, without the questions asked before. */
  const acts = () =>
    gateway
      .calls()
      .filter((call) => /^(rcctl (re|st)|ikectl (reset|active)|iked -[^n])/.test(call));

  test("the first tunnel starts the daemon, the last one stops it, and it stays enabled", () => {
    gateway.run("ike iked", { input: "set fragmentation\n" });
    expect(acts()).toEqual([]);
    expect(put(EAST, "east").stdout).toBe("changed: iked started, east up\n");
    expect(acts()).toEqual(["rcctl start iked"]);
    expect(gateway.run("tunnel remove east").stdout).toBe("changed: iked stopped, east removed\n");
    expect(acts()).toEqual(["rcctl stop iked"]);
    expect(gateway.read("etc/rc.conf.local")).toBe("iked_flags=\n");
    expect(gateway.list("etc/iked")).toEqual(["_globals.conf"]);
  });

  test("the main file names the settings and every tunnel that is up, sorted", () => {
    gateway.run("ike iked", { input: "set fragmentation\n" });
    put(ikedTunnel({}));
    put(EAST, "east");
    put(ikedTunnel({ name: "off" }), "off", "disabled");
    const included = [...(gateway.read("etc/iked.conf") ?? "").matchAll(/^include "(.*)"$/gm)];
    expect(included.map(([, file]) => file?.replace(gateway.root, ""))).toEqual([
      "/etc/iked/_globals.conf",
      "/etc/iked/east.conf",
      "/etc/iked/west.conf",
    ]);
    for (const name of ["iked.conf", "iked/_globals.conf", "iked/west.conf"]) {
      expect([name, gateway.mode(`etc/${name}`)]).toEqual([name, "600"]);
    }
  });

  describe.each([
    ["is missing", undefined],
    ["is empty", ""],
    ["is no private key", "-----BEGIN PUBLIC KEY-----\n"],
  ])("a key of iked's own that %s", (_, text) => {
    const lose = () => {
      if (text === undefined) gateway.remove("etc/iked/private/local.key");
      else gateway.write("etc/iked/private/local.key", text);
    };

    test("does not have a daemon that runs reload, and changes nothing", () => {
      put(EAST, "east");
      put(ikedTunnel({}));
      lose();
      const before = gateway.read("etc/iked/west.conf");
      for (const run of [
        put(ikedTunnel({ lifetime: 60 })),
        put(ikedTunnel({ name: "north" }), "north"),
        gateway.run("tunnel down west"),
        gateway.run("ike iked", { input: "set fragmentation\n" }),
      ]) {
        expect(run).toMatchObject({
          status: 1,
          stderr: expect.stringContaining(
            "/etc/iked/private/local.key is missing, or no",
          ) as string,
        });
      }
      acts();
      gateway.fakeFile("sas", "iked_sas: 0x1 rspi 0x0 ispi 0x1 any->any<>[] SA_INIT i\n");
      expect(gateway.run("tunnel kill west").status).toBe(2);
      expect(acts()).toEqual([]);
      expect(gateway.read("etc/iked/west.conf")).toBe(before);
    });

    test("keeps a daemon that does not run from being started", () => {
      put(EAST, "east");
      gateway.fakeFile("running.iked", undefined);
      lose();
      acts();
      expect(gateway.run("tunnel start-all")).toMatchObject({
        status: 2,
        stderr: expect.stringContaining("local.key is missing, or no private key") as string,
      });
      expect(acts()).toEqual([]);
    });
  });

  test("a new tunnel reloads and resets nothing", () => {
    put(EAST, "east");
    acts();
    put(ikedTunnel({}));
    expect(acts()).toEqual(["rcctl reload iked"]);
  });

  test("a changed tunnel resets its own SA only", () => {
    put(EAST, "east");
    put(ikedTunnel({}));
    const before = gateway.fakeRead("sas").split("\n");
    acts();
    expect(put(ikedTunnel({ lifetime: 60 })).stdout).toContain(`reset id ${WEST_ID}`);
    // Last, so that iked does not wait a minute when it looked before the reset.
    expect(acts()).toEqual(["rcctl reload iked", `ikectl reset id ${WEST_ID}`, "ikectl active"]);
    const after = gateway.fakeRead("sas").split("\n");
    expect(after.filter((line) => line.includes("east"))).toEqual(
      before.filter((line) => line.includes("east")),
    );
    expect(after.filter((line) => line.includes("west"))).not.toEqual(
      before.filter((line) => line.includes("west")),
    );
  });

  test("a changed tunnel without an SA resets nothing", () => {
    put(EAST, "east");
    put(ikedTunnel({}));
    gateway.fakeFile("sas", "");
    acts();
    // The reload itself brings an SA up again in the fake, as it does in iked two seconds later.
    gateway.fakeFile("fail", "^ikectl show");
    put(ikedTunnel({ lifetime: 60 }));
    expect(acts()).toEqual(["rcctl reload iked"]);
  });

  test("an unchanged tunnel does nothing", () => {
    put(EAST, "east");
    acts();
    expect(put(EAST, "east")).toEqual({ status: 0, stdout: "unchanged\n", stderr: "" });
    expect(acts()).toEqual([]);
  });

  test("an unchanged tunnel of a daemon that died starts it", () => {
    put(EAST, "east");
    gateway.fakeFile("running.iked", undefined);
    expect(put(EAST, "east").stdout).toBe("changed: iked started, east up\n");
  });

  test("down survives in the files; up brings it back; both ask only for that tunnel", () => {
    put(EAST, "east");
    put(ikedTunnel({}));
    acts();
    expect(gateway.run("tunnel down west").status).toBe(0);
    expect(gateway.read("etc/iked.conf")).not.toContain("west");
    expect(gateway.fakeRead("sas")).not.toContain("west");
    expect(gateway.run("tunnel down west").stdout).toBe("unchanged\n");
    expect(gateway.run("tunnel up west").status).toBe(0);
    expect(gateway.fakeRead("sas")).toContain("west");
    expect(acts()).toEqual(["rcctl reload iked", "rcctl reload iked"]);
  });

  test("an SA that outlives the reload is reset", () => {
    put(EAST, "east");
    put(ikedTunnel({}));
    gateway.fakeFile("sticky", `<${WEST_ID}>\n`);
    acts();
    expect(gateway.run("tunnel remove west").status).toBe(0);
    expect(acts()).toEqual(["rcctl reload iked", `ikectl reset id ${WEST_ID}`]);
    expect(gateway.fakeRead("sas")).not.toContain("west");
  });

  test("a removed tunnel leaves the SA of another one with the same id", () => {
    put(ikedTunnel({}));
    put(ikedTunnel({ lifetime: 1800 }), "twin");
    acts();
    expect(gateway.run("tunnel remove west").status).toBe(0);
    expect(acts()).toEqual(["rcctl reload iked"]);
    expect(gateway.fakeRead("sas")).toContain(WEST_ID);
  });

  test("what was taken down by hand stays down when its declaration changes", () => {
    put(ikedTunnel({}));
    gateway.run("tunnel down west");
    const run = put(ikedTunnel({ lifetime: 60 }));
    expect(run.stdout).toContain("down until gwctl tunnel up west");
    expect(gateway.read("etc/iked/west.conf")).toContain("lifetime 60");
    expect(gateway.read("etc/iked.conf")).not.toContain("west");
  });

  test("a disabled tunnel is checked and kept, comes up when enabled, not by hand", () => {
    expect(put(ikedTunnel({ word: "BAD" }), "west", "disabled").status).toBe(1);
    put(ikedTunnel({}), "west", "disabled");
    expect(acts()).toEqual([]);
    const run = gateway.run("tunnel up west");
    expect([run.status, run.stderr]).toEqual([1, expect.stringContaining("disabled")]);
    expect(put(ikedTunnel({})).stdout).toBe("changed: iked started, west up\n");
  });

  test("a refused tunnel changes nothing: status 1", () => {
    put(EAST, "east");
    put(ikedTunnel({}));
    const before = [gateway.read("etc/iked.conf"), gateway.read("etc/iked/west.conf")];
    acts();
    const run = put(ikedTunnel({ word: "BAD" }));
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^gwctl: \/etc\/iked\/west\.conf: refused by iked: /);
    expect([gateway.read("etc/iked.conf"), gateway.read("etc/iked/west.conf")]).toEqual(before);
    expect(gateway.list("etc/iked")).toEqual(["east.conf", "west.conf"]);
    expect(acts()).toEqual([]);
  });

  test("a tunnel that does not load is taken back: status 2", () => {
    put(EAST, "east");
    put(ikedTunnel({}));
    expect(put(ikedTunnel({ word: "UNLOADABLE" })).status).toBe(2);
    expect(gateway.read("etc/iked/west.conf")).toBe(ikedTunnel({}));
    expect(gateway.fakeRead("policies")).toContain("west.example.net");
    expect(gateway.fakeRead("policies")).not.toContain("UNLOADABLE");
    expect(put(ikedTunnel({})).stdout).toBe("unchanged\n");
  });

  test("a new tunnel that does not load leaves the others alone: status 2", () => {
    put(EAST, "east");
    expect(put(ikedTunnel({ word: "UNLOADABLE" })).status).toBe(2);
    expect(gateway.read("etc/iked.conf")).not.toContain("west");
    expect(gateway.list("etc/iked")).toEqual(["east.conf"]);
    expect(gateway.fakeRead("policies")).toContain("east.example.net");
  });

  test("when the old tunnels do not load either: status 3, and the repeat tries again", () => {
    put(EAST, "east");
    gateway.fakeFile("fail", "^rcctl reload");
    expect(put(ikedTunnel({})).status).toBe(3);
    expect(gateway.read("etc/iked.conf")).not.toContain("west");
    gateway.fakeFile("fail", undefined);
    expect(put(ikedTunnel({})).status).toBe(0);
    expect(gateway.fakeRead("policies")).toContain("west.example.net");
  });

  test("bad settings are refused, settings that do not load are taken back", () => {
    gateway.run("ike iked", { input: "set fragmentation\n" });
    put(EAST, "east");
    expect(gateway.run("ike iked", { input: "BAD\n" }).status).toBe(1);
    expect(gateway.run("ike iked", { input: "UNLOADABLE\n" }).status).toBe(2);
    expect(gateway.read("etc/iked/_globals.conf")).toBe("set fragmentation\n");
    acts();
    expect(gateway.run("ike iked", { input: "set fragmentation\n" }).stdout).toBe("unchanged\n");
    expect(acts()).toEqual([]);
    gateway.run("ike iked", { input: "set nomobike\n" });
    expect(acts()).toEqual(["rcctl reload iked"]);
  });

  test("removing what is not there is unchanged; moving it is an error", () => {
    expect(gateway.run("tunnel remove west")).toMatchObject({ status: 0, stdout: "unchanged\n" });
    const run = gateway.run("tunnel down west");
    expect([run.status, run.stderr]).toEqual([1, expect.stringContaining("no such tunnel")]);
  });
});
