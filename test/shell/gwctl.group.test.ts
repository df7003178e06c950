import { setTimeout as sleep } from "node:timers/promises";
import { Disk, withDisk } from "./support/disk";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel } from "./support/texts";
import { Waiting, type Put } from "./support/waiting";

const iked = (name: string, text: Parameters<typeof ikedTunnel>[0] = {}): Put => ({
  words: `iked ${name}`,
  text: ikedTunnel({ name, ...text }),
});

describeShell("tunnels that are put at the same time", () => {
  let gateway: Scratch;
  let waiting: Waiting;
  beforeEach(() => {
    gateway = new Scratch();
    waiting = new Waiting(gateway);
  });
  afterEach(() => {
    waiting.dispose();
    gateway.dispose();
  });
  jest.setTimeout(120_000);

  const included = () =>
    [...(gateway.read("etc/iked.conf") ?? "").matchAll(/^include ".*\/(.*)\.conf"$/gm)].map(
      ([, name]) => name,
    );
  const said = (runs: readonly { status: number | null; stdout: string; stderr: string }[]) =>
    runs.map(({ status, stdout, stderr }) => [status, stdout + stderr]);
  /** Nothing is left of runs that ended. */
  const clean = () => {
    expect(waiting.left()).toEqual([]);
    expect(gateway.list("var/db/gwctl/pending")).toEqual([]);
    expect(gateway.list("etc/iked").filter((name) => /\.(new|failed)$/.test(name))).toEqual([]);
  };

  describe("with iked", () => {
    beforeEach(() => {
      gateway.run("services", { input: IKED_ON });
      gateway.run("tunnel put iked east", { input: ikedTunnel({ name: "east" }) });
      gateway.run("tunnel put iked west", { input: ikedTunnel({}) });
    });

    test("are checked and activated once, and each is told of its own", async () => {
      gateway.run("tunnel put iked hand", { input: ikedTunnel({ name: "hand" }) });
      gateway.run("tunnel down hand");
      const runs = await waiting.run([
        iked("a"),
        iked("b"),
        iked("east"),
        iked("west", { lifetime: 60 }),
        iked("hand", { lifetime: 60 }),
        { words: "iked off disabled", text: ikedTunnel({ name: "off" }) },
      ]);
      expect(said(runs)).toEqual([
        [0, "changed: iked reloaded, a up\n"],
        [0, "changed: iked reloaded, b up\n"],
        [0, "unchanged\n"],
        [0, "changed: iked reloaded, reset id FQDN/west.example.net, west up\n"],
        [0, "changed: iked reloaded, hand down, down until gwctl tunnel up hand\n"],
        [0, "changed: iked reloaded, off disabled\n"],
      ]);
      expect(included()).toEqual(["a", "b", "east", "west"]);
      const calls = gateway.calls().map((call) => call.replace(/ -f .*/, ""));
      for (const once of ["iked -n", "iked -nv", "rcctl reload iked", "ikectl active"]) {
        expect([once, calls.filter((call) => call === once).length]).toEqual([once, 1]);
      }
      expect(calls.filter((call) => call.startsWith("ikectl reset"))).toEqual([
        "ikectl reset id FQDN/west.example.net",
      ]);
      clean();
    });

    test.each([
      ["is refused", "BAD", 1],
      ["does not load", "UNLOADABLE", 2],
    ])("leave out the one that %s, with the words it gets alone", async (_, word, status) => {
      const sas = gateway.fakeRead("sas");
      const bad = iked("bad", { word, psk: "BadSecret3xW8kP2n" });
      const alone = gateway.run(`tunnel put ${bad.words}`, { input: bad.text });
      expect(alone.status).toBe(status);
      const runs = await waiting.run([iked("a"), iked("b"), bad, iked("c"), iked("d")]);
      expect(runs[2]).toEqual(alone);
      expect(runs.map((run) => run.status)).toEqual([0, 0, status, 0, 0]);
      expect(runs.map(({ stderr }) => stderr).join("")).not.toContain("Secret");
      expect(included()).toEqual(["a", "b", "c", "d", "east", "west"]);
      expect(gateway.fakeRead("sas")).toContain(sas);
      expect(gateway.exists("etc/iked/bad.conf")).toBe(false);
      clean();
    });

    test("a proposal that iked leaves out is told to its tunnel alone", async () => {
      const word = "ikesa enc aes-256 prf hmac-sha1 group modp2048";
      gateway.fakeFile("unsupported", " group modp2048");
      const runs = await waiting.run([iked("a"), iked("odd", { word }), iked("b")]);
      expect(runs.map((run) => run.status)).toEqual([0, 1, 0]);
      expect(runs[1]?.stderr).toContain("group modp2048");
      expect(included()).toEqual(["a", "b", "east", "west"]);
    });

    test("are all told when not even the way back succeeds", async () => {
      const before = [gateway.read("etc/iked.conf"), gateway.list("etc/iked")];
      gateway.fakeFile("hang", "^rcctl reload");
      const env = { GWCTL_LIMIT_SECONDS: "5" };
      const puts = [iked("a"), iked("west", { lifetime: 60 })].map((put) => ({ ...put, env }));
      const runs = await waiting.run(puts);
      expect(runs.map((run) => run.status)).toEqual([3, 3]);
      for (const { stderr } of runs) expect(stderr).toContain("rcctl took more than 5 s");
      expect(gateway.read("etc/iked.conf")).toBe(before[0]);
      gateway.fakeFile("hang", undefined);
      for (const { words, text } of puts) {
        expect(gateway.run(`tunnel put ${words}`, { input: text }).status).toBe(0);
      }
      expect(included()).toEqual(["a", "east", "west"]);
      clean();
    });

    test("for one tunnel twice, have one text after the other", async () => {
      const runs = await waiting.run([iked("a", { lifetime: 1 }), iked("a", { lifetime: 2 })]);
      expect(runs.map((run) => run.status)).toEqual([0, 0]);
      expect(gateway.calls().filter((call) => call === "rcctl reload iked")).toHaveLength(2);
      clean();
    });

    test("do not change what a run that gave up was asked for", async () => {
      const env = { GWCTL_LOCK_SECONDS: "1" };
      const [a, b] = await waiting.start([{ ...iked("a"), env }, iked("b")]);
      expect(await a).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/held by/) as string,
      });
      waiting.letGo();
      expect(await b).toMatchObject({ status: 0 });
      expect(included()).toEqual(["b", "east", "west"]);
      clean();
    });

    test("leave out the entry of a run that was killed while it waited", async () => {
      const [a, b] = await waiting.start([iked("a"), iked("b")]);
      const dead = gateway.start("tunnel put iked dead", { input: iked("dead").text });
      while (waiting.entries("wait").length < 3) await sleep(20);
      process.kill(-dead.pid, "SIGKILL");
      await dead.done;
      waiting.letGo();
      expect([(await a)?.status, (await b)?.status]).toEqual([0, 0]);
      expect(included()).toEqual(["a", "b", "east", "west"]);
      clean();
    });

    test("wait with texts that nobody else can read", async () => {
      const runs = await waiting.start([iked("a"), iked("b")]);
      expect(waiting.modes()).toEqual(new Set(["40700", "100600"]));
      waiting.letGo();
      await Promise.all(runs);
      clean();
    });
  });

  withDisk("on a disk of their own", () => {
    test("full: each fails or is done, never half, and the repeat is done", async () => {
      const disk = new Disk(gateway.root);
      try {
        gateway.run("services", { input: IKED_ON });
        gateway.run("tunnel put iked west", { input: ikedTunnel({}) });
        const puts = [iked("a"), iked("west", { lifetime: 60 })];
        const runs = await waiting.start(puts);
        const before = gateway.read("etc/iked/west.conf");
        disk.fill();
        waiting.letGo();
        const done = await Promise.all(runs);
        if (done[1]?.status !== 0) expect(gateway.read("etc/iked/west.conf")).toBe(before);
        expect(done.filter(({ status }) => ![0, 1, 2].includes(status ?? 9))).toEqual([]);
        disk.free();
        for (const { words, text } of puts) {
          expect(gateway.run(`tunnel put ${words}`, { input: text }).status).toBe(0);
        }
        expect(included()).toEqual(["a", "west"]);
        clean();
      } finally {
        disk.free();
        disk.dispose();
      }
    });
  });

  test("with isakmpd have their rules loaded in one pass", async () => {
    const put = (name: string, text: Parameters<typeof isakmpdTunnel>[0] = {}) => ({
      words: `isakmpd ${name}`,
      text: isakmpdTunnel({ name, ...text }),
    });
    gateway.run("services", { input: ISAKMPD_ON });
    gateway.run("tunnel put isakmpd east", { input: isakmpdTunnel({ name: "east" }) });
    gateway.run("tunnel put isakmpd west", { input: isakmpdTunnel({}) });
    gateway.calls();
    const runs = await waiting.run([
      put("west", { ikeLifetime: 3600 }),
      put("east", { lifetime: 60 }),
      put("b"),
    ]);
    expect(runs.map((run) => run.status)).toEqual([0, 0, 0]);
    expect(runs[0]?.stdout).toBe(
      "changed: old rules deleted, phase 1 of peer-198.51.100.11-local-10.10.0.2 ended, rules loaded, west up\n",
    );
    const calls = gateway.calls().map((call) => call.replace(/ \/.*/, ""));
    expect(calls.filter((call) => call === "ipsecctl -df")).toHaveLength(1);
    const rules = gateway.fakeRead("rules").split("\n").filter(Boolean);
    expect(rules).toHaveLength(3);
    expect(rules.filter((rule) => /lifetime (3600 quick|60 )/.test(rule))).toHaveLength(2);
    // A group with one to refuse is divided, and how depends on who leads.
    const divided = await waiting.run([put("a", { word: "ILLEGAL" }), put("c"), put("d")]);
    expect(divided.map((run) => run.status)).toEqual([1, 0, 0]);
    expect(gateway.fakeRead("rules").split("\n").filter(Boolean)).toHaveLength(5);
    clean();
  });
});
