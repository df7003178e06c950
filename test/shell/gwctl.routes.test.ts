import { chmodSync } from "node:fs";
import { join } from "node:path";
import { until } from "../unit/support/until";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel } from "./support/texts";

const NETWORK = "172.31.0.0/16";
const far = (unit: number) => `169.254.1${unit}.100`;
const near = (unit: number) => `169.254.1${unit}.2`;
const TUNNELS = ["one", "two"] as const;

/** /etc/hostname.secN, as the renderer writes it; without a priority of a tunnel that is of no group. */
const sec = (unit: number, priority?: number) =>
  [
    ...(priority === undefined ? [] : [`# gwctl group cloud ${priority} ${TUNNELS[unit] ?? ""}`]),
    `inet ${near(unit)}/30`,
    `dest ${far(unit)}`,
    "up",
    `!route -qn add ${priority === undefined ? "" : `-priority ${7 + priority} `}-inet ${NETWORK} ${far(unit)}`,
    "",
  ].join("\n");

describeShell("tunnels to the same networks", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.write("etc/gwctl.watch", "interval 10\nfailures 2\nbackoff 60\ncap 3\n");
    gateway.write(
      "etc/netstart",
      `sed -n 's/^!//p' "$GWCTL_ROOT/etc/hostname.$1" >"$FAKE/lines"; sh "$FAKE/lines"
n=\${1#sec}
{ echo "$1: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1400"
echo "	inet 169.254.1$n.2 --> 169.254.1$n.100 netmask 0xfffffffc"; } >"$FAKE/if.$1"
`,
    );
    gateway.fakeFile("table", "");
    gateway.fakeFile("silent", "");
    gateway.ok("services", IKED_ON);
    for (const [unit, name] of TUNNELS.entries()) {
      put(unit, sec(unit, unit + 1));
      const header = [`# gwctl probe ${near(unit)} ${far(unit)}`];
      const peer = `198.51.100.3${unit}`;
      gateway.ok(`tunnel put iked ${name}`, ikedTunnel({ name, peer, header }));
    }
    looks(30);
    gateway.calls();
  });
  afterEach(() => {
    gateway.dispose();
  });

  const put = (unit: number, text: string) =>
    gateway.ok(
      `put /etc/hostname.sec${unit} 0640 root --activate '${gateway.gwctl()} interface sec${unit}'`,
      text,
    );
  const looks = (count = 1) => {
    for (let n = 0; n < count; n++) gateway.ok("watch routes");
  };
  const silent = (...units: number[]) => {
    gateway.fakeFile("silent", units.map((unit) => `${far(unit)}\n`).join(""));
  };
  /** Priority and router of each route to the network. */
  const table = () => gateway.fakeRead("table").trim().split("\n").filter(Boolean).sort();
  const route = (unit: number, priority = 8 + unit) => `${priority} ${NETWORK} ${far(unit)}`;
  const both = [route(0), route(1)];
  const states = () =>
    ((gateway.run("state").stdout.split("--- groups\n")[1] ?? "").split("---")[0] ?? "")
      .trim()
      .split("\n")
      .map((line) => line.split(" ").slice(0, 4).join(" "));

  test("may be over GRE, each by the file of its interface", () => {
    gateway.write("etc/hostname.gre1", gateway.read("etc/hostname.sec1") ?? "");
    gateway.write("etc/hostname.sec1", "up\n");
    expect(states()).toEqual(["one cloud 1 on", "two cloud 2 on"]);
  });

  test("have a route each while both answer, and nothing is written", () => {
    expect([...table()].sort()).toEqual([...both].sort());
    expect(states()).toEqual(["one cloud 1 on", "two cloud 2 on"]);
    const before = gateway.read("var/db/gwctl/routes/one");
    looks(3);
    expect(gateway.read("var/db/gwctl/routes/one")).toBe(before);
    expect(gateway.calls().filter((call) => /^(route|logger)/.test(call))).toEqual([]);
  });

  test("the silent one's route goes at the second look, and is back after thirty answers in a row", () => {
    silent(0);
    looks(1);
    expect(table()).toHaveLength(2);
    looks(1);
    expect(table()).toEqual([route(1)]);
    expect(states()).toEqual(["one cloud 1 off", "two cloud 2 on"]);
    expect(gateway.calls()).toContain(
      "logger -t gwctl -p daemon.warning watch: group cloud: one off: silent, and another tunnel answers",
    );
    silent();
    looks(10);
    silent(0);
    looks(1);
    silent();
    looks(29);
    expect(table()).toEqual([route(1)]);
    looks(1);
    expect([...table()].sort()).toEqual([...both].sort());
  });

  test("nothing moves while nobody answers; whoever answers first then carries at once", () => {
    silent(0, 1);
    looks(30);
    expect(table()).toHaveLength(2);
    silent(0);
    looks(2);
    expect(table()).toEqual([route(1)]);
    silent(0, 1);
    looks(3);
    expect(table()).toEqual([route(1)]);
    silent(1);
    looks(1);
    expect(table()).toEqual([route(0)]);
  });

  test("one that is down by hand does not carry from the next look on", () => {
    gateway.ok("tunnel down one");
    looks(1);
    expect(table()).toEqual([route(1)]);
    gateway.ok("tunnel up one");
    looks(30);
    expect(table()).toHaveLength(2);
  });

  test("a look that was killed between its record and its routes is made good, and so is a boot", () => {
    gateway.write("var/db/gwctl/routes/one", "off 2 0 1 silent\n");
    silent(0);
    looks(1);
    expect(table()).toEqual([route(1)]);
    gateway.fakeFile("table", `${both.join("\n")}\n`);
    gateway.remove("var/run/gwctl.routes");
    looks(1);
    expect(table()).toEqual([route(1)]);
  });

  test("its interface changes while its route is out, which stays out and is not missed", () => {
    silent(0);
    looks(2);
    put(0, sec(0, 1).replace("up\n", "mtu 1400\nup\n"));
    expect(table()).toEqual([route(1)]);
  });

  test("they change places, each by itself", () => {
    put(0, sec(0, 2));
    expect(table()).toEqual([route(0, 9)]);
    put(1, sec(1, 1));
    expect([...table()].sort()).toEqual([route(1, 8), route(0, 9)].sort());
  });

  test("a new one beside one that carries has to be proven first", () => {
    gateway.ok("tunnel remove two");
    gateway.remove("etc/hostname.sec1");
    gateway.remove("etc/hostname.sec1.prev");
    gateway.fakeFile("table", `${route(0)}\n`);
    looks(1);
    expect(table()).toEqual([route(0)]);
    put(1, sec(1, 2));
    expect(table()).toEqual([route(0)]);
    expect(states()).toEqual(["one cloud 1 on", "two cloud 2 off"]);
  });

  test("the last of a group gets its route back, and so does one that leaves it", () => {
    silent(0);
    looks(2);
    gateway.remove("etc/hostname.sec1");
    gateway.ok("tunnel remove two");
    looks(1);
    expect(table()).toContain(route(0));
    put(0, sec(0));
    expect(states()).toEqual([""]);
    expect(gateway.run("watch routes")).toEqual({ status: 0, stdout: "unchanged\n", stderr: "" });
  });

  test("the service looks at them all the time between two passes of the watchdog", async () => {
    gateway.write("etc/gwctl.watch", "interval 600\nfailures 2\nbackoff 60\ncap 3\n");
    chmodSync(join(gateway.base, "gwctl"), 0o700);
    const service = gateway.start("watch");
    await until(() => gateway.fakeRead("calls").includes("ping"));
    silent(0);
    await until(() => table().length === 1);
    process.kill(-service.pid, "SIGTERM");
    await service.done;
    expect(table()).toEqual([route(1)]);
  });
});
