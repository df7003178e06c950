import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { gwctlLive } from "../../contract/gwctl";
import { sectionsOf } from "../../parse/sections";
import { inSections } from "../unit/support/sections";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel } from "./support/texts";

describeShell("gwctl live", () => {
  let gateway: Scratch;
  beforeEach(() => (gateway = new Scratch()));
  afterEach(() => {
    gateway.dispose();
  });

  const LINES = [
    "west 10.10.0.2 10.20.1.100",
    "dead 10.10.0.2 10.20.1.101",
    "alien 192.0.2.1 10.20.1.100",
  ];
  const ERROR = "alien error ping: bind: Can't assign requested address";

  test("pings every line side by side and says what came of each", () => {
    const { status, stdout, stderr } = gateway.run("probe", { input: `${LINES.join("\n")}\n` });
    expect([status, stderr]).toEqual([0, ""]);
    const lines = stdout.trimEnd().split("\n").sort();
    expect(lines).toEqual([ERROR, "dead 3 0 -", "west 3 3 5.009"]);
  });

  test("removes what a killed run left in /tmp, and nothing of one that is alive", () => {
    const dead = spawnSync("true").pid;
    const [left, kept] = [dead, process.pid].map((pid) => fs.mkdtempSync(`/tmp/gwctl.${pid}.`));
    try {
      fs.writeFileSync(`${left}/list`, "west\n");
      gateway.ok("probe", "");
      expect([left, kept].map((folder) => fs.existsSync(folder ?? ""))).toEqual([false, true]);
    } finally {
      for (const folder of [left, kept]) fs.rmSync(folder ?? "", { recursive: true, force: true });
    }
  });

  test("pings more lines than it has processes of ping at a time", () => {
    const more = Array.from({ length: 100 }, (_, i) => `t${i} 10.10.0.2 10.20.1.100`);
    const input = `${[...LINES, ...more].join("\n")}\n`;
    const { status, stdout, stderr } = gateway.run("probe", { input });
    expect([status, stderr]).toEqual([0, ""]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(LINES.length + more.length);
    expect(lines).toEqual(
      expect.arrayContaining([ERROR, "dead 3 0 -", "west 3 3 5.009", "t99 3 3 5.009"]),
    );
  });

  test.each([
    "west 10.10.0.2; reboot",
    "west 10.10.0.2",
    "-x 10.10.0.2 10.20.1.100",
    "w -f 10.1.1.1",
  ])("refuses %j before anything is sent", (line) => {
    const { status, stdout } = gateway.run("probe", { input: `${line}\n` });
    expect([status, stdout]).toEqual([64, ""]);
  });

  test("is the state, the probes, and the counters before and after them", () => {
    gateway.run("services", { input: IKED_ON });
    gateway.run("tunnel put iked west", { input: ikedTunnel({}) });
    gateway.write(
      "var/log/daemon",
      [
        'Nov 23 23:29:16 gw iked[7]: ikev2_init_ike_sa: initiating "west"',
        "Nov 23 23:29:17 gw iked[7]: spi=0xc0310f2bc00241fa: established peer 198.51.100.11:4500[FQDN/w] local",
        "",
      ].join("\n"),
    );
    const { status, stdout, stderr } = gateway.run("live", {
      input: "west 10.10.0.2 10.20.1.100\n",
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect([...sectionsOf(stdout).keys()]).toEqual(Object.keys(gwctlLive.shape));
    expect(inSections(gwctlLive, stdout)).toMatchObject({
      ike: [expect.anything()],
      log: [expect.stringContaining("established peer")],
      probes: ["west 3 3 5.009"],
      tunnels: ["west iked up"],
    });
  });
});
