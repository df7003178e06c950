import { chmodSync } from "node:fs";
import { join } from "node:path";
import { until } from "../unit/support/until";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel } from "./support/texts";

const SETTINGS = "interval 10\nfailures 2\nbackoff 60\ncap 3\n";
const REMOVAL = "var/db/gwctl/removal";
const WEST = "10.20.1.100";
const EAST = "10.20.2.100";
const probe = (target: string, source = "10.10.0.2") => `# gwctl probe ${source} ${target}`;
const east = ikedTunnel({ name: "east", header: [probe(EAST)] });

const counted = (packets: number) => `${packets} input packet${packets === 1 ? "" : "s"}`;

/** SAs both ways with each peer, and how many packets came in. */
const counters = (inbound: number) =>
  ["11", "12"]
    .flatMap((host) => [
      `@0 esp tunnel from 10.10.0.2 to 198.51.100.${host} spi 0x01 auth hmac-sha2-256 enc aes`,
      "\tcounter:\n\t\t0 input packets",
      `@1 esp tunnel from 198.51.100.${host} to 10.10.0.2 spi 0x02 auth hmac-sha2-256 enc aes`,
      `\tcounter:\n\t\t${counted(host === "11" ? inbound : 7)}`,
    ])
    .join("\n");

describeShell("gwctl watch", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.write("etc/gwctl.watch", SETTINGS);
    gateway.run("services", { input: IKED_ON });
    gateway.run("tunnel put iked east", { input: east });
    gateway.run("tunnel put iked west", { input: ikedTunnel({ header: [probe(WEST)] }) });
    gateway.fakeFile("sa", counters(0));
    gateway.calls();
  });
  afterEach(() => {
    gateway.dispose();
  });

  const pass = (times = 1) => {
    for (let n = 0; n < times; n++) {
      expect(gateway.run("watch once")).toMatchObject({ status: 0, stderr: "" });
    }
  };
  const setField = (number: number, value: string) => {
    const fields = (gateway.read("var/db/gwctl/watch/west") ?? "").split(" ");
    fields[number] = value;
    gateway.write("var/db/gwctl/watch/west", fields.join(" "));
  };
  /** The back-off of tunnel west is over. */
  const waited = () => {
    setField(6, "0");
  };
  const nextDay = () => {
    setField(4, "1");
  };
  /** An apply that holds the lock. */
  const applying = async () => {
    const holder = gateway.start("put /etc/held 0600 root --activate 'sleep 20'", { input: "x\n" });
    await until(() => gateway.exists("etc/held"));
    gateway.calls();
    return holder;
  };
  const silent = (...targets: string[]) => {
    gateway.fakeFile("silent", targets.map((target) => `${target}\n`).join(""));
  };
  const resets = () => gateway.calls().filter((call) => /^ikectl (reset|active)/.test(call));
  const logged = () => gateway.calls().filter((call) => call.startsWith("logger"));
  const watchdog = () =>
    (gateway.run("state").stdout.split("--- watchdog\n")[1] ?? "").split("---")[0] ?? "";

  test("a healthy gateway is only pinged, and nothing is written after the first pass", () => {
    pass();
    const before = gateway.read("var/db/gwctl/watch/west");
    pass(3);
    expect(resets()).toEqual([]);
    expect(gateway.read("var/db/gwctl/watch/west")).toBe(before);
    expect(watchdog()).toMatch(/^east failures=0 resets=0 last=0/);
  });

  test("what stays silent is reset, nothing else, and the log says why", () => {
    silent(WEST);
    pass();
    expect(resets()).toEqual([]);
    pass();
    const calls = gateway.calls();
    expect(calls.filter((call) => /^ikectl (reset|active)/.test(call))).toEqual([
      "ikectl reset id FQDN/west.example.net",
      "ikectl active",
    ]);
    expect(calls).toContainEqual(
      `logger -t gwctl -p daemon.warning watch: west: 2 probes from 10.10.0.2 to ${WEST} unanswered: reset, 1 of 3 today`,
    );
    expect(watchdog()).toMatch(/^west failures=0 resets=1 last=\d{10} 2 probes/m);
    expect(watchdog()).toMatch(/^east failures=0 resets=0/m);
    expect(gateway.list("var/run").filter((name) => name.startsWith("gwctl"))).toEqual([
      "gwctl.booted",
    ]);
  });

  test("not again before the back-off is over, which grows, and not more often than the cap of a day", () => {
    silent(WEST);
    const waits: number[] = [];
    for (let n = 0; n < 3; n++) {
      if (n > 0) waited();
      pass(n > 0 ? 1 : 2);
      const [, , , , , last, next] = (gateway.read("var/db/gwctl/watch/west") ?? "").split(" ");
      waits.push(Number(next) - Number(last));
      expect(resets()).toHaveLength(2);
      pass(3);
      expect(resets()).toEqual([]);
    }
    expect(waits).toEqual([60, 120, 240]);
    waited();
    pass(2);
    expect(resets()).toEqual([]);
    expect(watchdog()).toContain("3 resets today already");
    nextDay();
    pass();
    expect(resets()).toHaveLength(2);
    expect(watchdog()).toMatch(/^west failures=0 resets=4 .*: reset, 1 of 3 today$/m);
    silent();
    pass();
    expect(logged()).toContainEqual(expect.stringContaining(`west: ${WEST} answers again`));
    expect(watchdog()).toMatch(/^west failures=0 resets=4/m);
  });

  test("no back-off is longer than an hour, with the default of two minutes too", () => {
    gateway.write("etc/gwctl.watch", "interval 10\nfailures 1\nbackoff 120\ncap 24\n");
    silent(WEST);
    pass();
    const state = "var/db/gwctl/watch/west";
    const fields = (gateway.read(state) ?? "").split(" ");
    // Five resets: 120, 240, 480, 960 and 1920 seconds.
    [fields[1], fields[6]] = ["5", "0"];
    gateway.write(state, fields.join(" "));
    pass();
    const [, , , , , last, next] = (gateway.read(state) ?? "").split(" ");
    expect(Number(next) - Number(last)).toBe(3600);
  });

  test("a target that is off does not take a tunnel down that carries packets, where they are surely its own", () => {
    silent(WEST);
    pass();
    gateway.fakeFile("sa", counters(1));
    pass();
    expect(resets()).toEqual([]);
    expect(watchdog()).toContain("packets arrive");
    // Another tunnel to the peer has the same ends, so these packets may be its own.
    const other = ikedTunnel({}).replaceAll("west.example.net", "other.example.net");
    gateway.run("tunnel put iked other", { input: other });
    gateway.calls();
    pass();
    gateway.fakeFile("sa", counters(2));
    pass();
    expect(resets()).toHaveLength(2);
  });

  describe("a daemon that died", () => {
    const starts = () => gateway.calls().filter((call) => call.startsWith("rcctl start iked"));
    const dies = () => {
      gateway.fakeFile("running.iked", undefined);
      gateway.calls();
    };
    /** The back-off of the daemon is over. */
    const rested = () => {
      const fields = (gateway.read("var/db/gwctl/watch/.iked") ?? "").split(" ");
      fields[3] = "0";
      gateway.write("var/db/gwctl/watch/.iked", fields.join(" "));
    };

    test("is started, and the log and the state say so", () => {
      dies();
      pass();
      expect(gateway.calls()).toEqual(
        expect.arrayContaining([
          "rcctl start iked",
          "logger -t gwctl -p daemon.warning watch: iked did not run: started",
        ]),
      );
      expect(watchdog()).toMatch(/^daemon iked starts=1 last=\d{10} iked did not run: started$/m);
      pass(2);
      expect(starts()).toEqual([]);
    });

    test("is not started again before the back-off is over, which grows until it ran through one", () => {
      const waits: number[] = [];
      const wait = () => {
        const [, , last, next] = (gateway.read("var/db/gwctl/watch/.iked") ?? "").split(" ");
        waits.push(Number(next) - Number(last));
      };
      for (let n = 0; n < 3; n++) {
        dies();
        pass();
        expect(starts()).toHaveLength(1);
        wait();
        dies();
        pass(2);
        expect(starts()).toEqual([]);
        rested();
      }
      pass();
      rested();
      pass();
      dies();
      rested();
      pass();
      wait();
      expect(waits).toEqual([60, 120, 240, 60]);
    });

    test("and does not start says why", () => {
      gateway.remove("etc/iked/private/local.key");
      dies();
      pass();
      expect(starts()).toEqual([]);
      expect(watchdog()).toMatch(/^daemon iked starts=1 .* iked does not run: gwctl: .*/m);
    });

    test.each([
      ["is switched off", () => gateway.run("services", { input: "iked_flags=NO\n" })],
      [
        "has no tunnel",
        () => {
          gateway.run("tunnel remove west");
          gateway.run("tunnel down east");
        },
      ],
    ])("is left alone where it %s", (_, off) => {
      off();
      dies();
      pass();
      expect(starts()).toEqual([]);
      expect(watchdog()).not.toContain("daemon");
    });
  });

  describe("with isakmpd, a tunnel without any SA", () => {
    const CONNECTION = "from-10.10.0.0/24-to-10.20.0.0/24";
    const told = () => gateway.calls().filter((call) => /^fifo [^S]/.test(call));
    const put = (mode: string) => {
      gateway.run("services", { input: ISAKMPD_ON });
      const text = isakmpdTunnel({}).replace("ike active", `ike ${mode}`);
      gateway.run("tunnel put isakmpd west", { input: `${probe(WEST)}\n${text}` });
      gateway.fakeFile("sa", "");
      silent(WEST);
      gateway.calls();
    };

    test("is put on isakmpd's list again, from which t has taken it, no more often than the back-off", () => {
      put("active");
      pass();
      expect(told()).toEqual([]);
      pass(3);
      expect(told()).toEqual([`fifo c ${CONNECTION}`]);
      waited();
      pass();
      expect(told()).toEqual([`fifo c ${CONNECTION}`]);
      expect(watchdog()).toMatch(/^west failures=\d+ resets=0 .*no SA/m);
    });

    test("that is passive never becomes active", () => {
      put("passive");
      pass(4);
      expect(told()).toEqual([]);
      expect(watchdog()).toContain("no SA: the peer has to begin");
    });
  });

  test("without any SA there is nothing to reset: the daemon negotiates", () => {
    silent(WEST);
    gateway.fakeFile("sa", "");
    gateway.fakeFile("sas", "");
    pass(4);
    expect(resets()).toEqual([]);
    expect(watchdog()).toContain("no SA, which iked negotiates by itself");
  });

  test("what was silent before it had an SA is not held against it", () => {
    const ikeSas = gateway.fakeRead("sas");
    silent(WEST);
    gateway.fakeFile("sa", "");
    gateway.fakeFile("sas", "");
    pass(4);
    gateway.fakeFile("sa", counters(0));
    gateway.fakeFile("sas", ikeSas);
    pass();
    expect(resets()).toEqual([]);
    pass();
    expect(resets()).toHaveLength(2);
  });

  test.each([
    ["opted out", ikedTunnel({ header: [probe(WEST), "# gwctl watchdog no"] })],
    ["without a probe", ikedTunnel({})],
    ["probed from another host's address", ikedTunnel({ header: [probe(WEST, "10.10.0.100")] })],
  ])("a tunnel that is %s is left alone", (_, text) => {
    gateway.run("tunnel put iked west", { input: text });
    silent(WEST);
    gateway.calls();
    pass(3);
    expect(resets()).toEqual([]);
  });

  test("a tunnel that is down is not probed", () => {
    gateway.run("tunnel down west");
    gateway.calls();
    pass();
    expect(gateway.calls().filter((call) => call.startsWith("ping"))).toEqual([
      `ping -n -q -c 1 -i 0.2 -w 2 -I 10.10.0.2 ${EAST}`,
    ]);
  });

  test("while an apply holds the lock, nothing is reset, and the failure is noted", async () => {
    silent(WEST);
    pass();
    const holder = await applying();
    gateway.run("watch once", { env: { GWCTL_LOCK_SECONDS: "1" } });
    process.kill(-holder.pid, "SIGKILL");
    await holder.done;
    expect(resets()).toEqual([]);
    expect(watchdog()).toMatch(/reset, 1 of 3 today, failed: .*held by process/);
  });

  test("what came back while an apply held the lock is not reset", async () => {
    silent(WEST);
    pass();
    const holder = await applying();
    const watching = gateway.start("watch once");
    // Counters are read after the probe and before the lock.
    await until(() => gateway.fakeRead("calls").includes("ipsecctl -vv"));
    silent();
    process.kill(-holder.pid, "SIGKILL");
    await Promise.all([holder.done, watching.done]);
    expect(resets()).toEqual([]);
    expect(watchdog()).toMatch(/^west failures=0 resets=0/m);
  });

  test("set installs and starts the service, once; off stops it", () => {
    const set = (input: string) => gateway.run("watch set", { input });
    expect(set(SETTINGS).stdout).toBe("changed: service, enable gwctl_watch, start gwctl_watch\n");
    expect(gateway.mode("etc/rc.d/gwctl_watch")).toBe("555");
    expect(set(SETTINGS).stdout).toBe("unchanged\n");
    expect(set(SETTINGS.replace("10", "20")).stdout).toBe("changed: settings\n");
    expect(set("off\n").stdout).toBe("changed: settings, stop gwctl_watch, disable gwctl_watch\n");
    expect(set("off\n").stdout).toBe("unchanged\n");
    silent(WEST);
    pass(3);
    expect(resets()).toEqual([]);
    for (const bad of ["interval 10\n", SETTINGS.replace("10", "x"), "on\n"]) {
      expect(set(bad).status).toBe(1);
    }
    expect(gateway.read("etc/gwctl.watch")).toBe("off\n");
  });

  test("takes back a trial without a dead-man, as after a reboot", () => {
    gateway.write("etc/pf.conf", "old\n");
    gateway.fakeFile("pf", "old\n");
    gateway.run("pf load 30", { input: "new\n" });
    gateway.endDeadMen();
    pass();
    expect(gateway.fakeRead("pf")).toBe("old\n");
  });

  // Whose activation fails, so that what is there was there before it.
  it.each([
    ["a tunnel is removed", "tunnel remove west", undefined, "rcctl reload iked"],
    ["a daemon gives way to the other one", "services", ISAKMPD_ON, "rcctl stop iked"],
  ])("probes learn that %s before its flows go", (_, args, input, activation) => {
    gateway.fakeFile("fail", `^${activation}\n`);
    expect(gateway.run(args, { ...(input !== undefined && { input }) }).status).not.toBe(0);
    const first = gateway.read(REMOVAL);
    expect(first).toMatch(/^\d+\.\d{10}\.\d+\n$/);
    gateway.run(args, { ...(input !== undefined && { input }) });
    expect(gateway.read(REMOVAL)).not.toBe(first);
  });

  test("a tunnel that stays is no removal", () => {
    gateway.run("tunnel put iked west", { input: ikedTunnel({ header: [probe(EAST)] }) });
    gateway.run("tunnel down west");
    expect(gateway.exists(REMOVAL)).toBe(false);
  });

  test("a pass whose probes were not all sent, as a tunnel was removed, says nothing", () => {
    silent(WEST);
    const perl = `usr/bin/perl`;
    gateway.write(perl, `#!/bin/sh\necho other >"$5"\n`);
    chmodSync(join(gateway.root, perl), 0o755);
    pass();
    expect(gateway.exists("var/db/gwctl/watch/west")).toBe(false);
    gateway.write(perl, "#!/bin/sh\n");
    pass();
    expect(gateway.read("var/db/gwctl/watch/west")).toMatch(/^1 /);
  });
});
