import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { GIB } from "../../config/units";
import { inLab, lab, labOk, ROOT, spisOf, verify } from "./support/lab";
import { processesWith } from "./support/processes";
import { saveStack } from "./support/stackFile";
import { until } from "./support/until";

const HOME = "qemu:///system";
const SPARE = "qemu+ssh://root@10.10.0.253/system";
const DISK = "--pool vg0 gw-test";
const LIVE = ["--live", "--address", "10.10.0.254"];

const migrate = (to: string, ...args: string[]) =>
  lab("gateway", "migrate", "--stack", "test", "--to", to, "--yes", "test", ...args);

async function virsh(uri: string, command: string): Promise<string> {
  const { stdout } = await inLab(`virsh -q -c ${uri} ${command} 2>&1`);
  return stdout.trim();
}

const state = (uri: string) => virsh(uri, "domstate gw-test");
const ABSENT = /failed to get domain/;

const NO_IKE =
  "chain forward { type filter hook forward priority -10; udp dport { 500, 4500 } drop; }";

describe("a gateway moves to another hypervisor", () => {
  let restore: () => void;

  beforeAll(async () => {
    await labOk("up");
    await labOk("spare");
    // What an earlier move has left.
    await virsh(SPARE, `vol-delete ${DISK}`);
    restore = saveStack();
    expect((await verify()).code).toBe(0);
  });

  afterAll(async () => {
    if ((await state(SPARE)) === "running") {
      await virsh(HOME, `vol-delete ${DISK}`);
      await migrate(HOME);
    }
    restore();
    await virsh(SPARE, `vol-delete ${DISK}`);
    await labOk("up");
  });

  it("not to one without room, and nothing is touched", async () => {
    const free = /^Available: +(\d+)/m.exec(await virsh(SPARE, "pool-info --bytes vg0"))?.[1];
    await virsh(SPARE, `vol-create-as vg0 filler ${Number(free) - GIB}`);
    const { code, stdout, stderr } = await migrate(SPARE);
    await virsh(SPARE, "vol-delete --pool vg0 filler");
    expect([code, stderr]).toEqual([1, "migrate: nothing was touched\n"]);
    expect(stdout).toMatch(/^FAILED +disk .*1\.0 GiB free, the disk needs 2\.0 GiB$/m);
    expect(await state(HOME)).toBe("running");
  });

  it("and comes back where its tunnels are not proven in time", async () => {
    const moving = migrate(SPARE, "--timeout", "1");
    await until(async () => (await state(HOME)) === "shut off");
    // However fast it boots, and however long the first look at it takes.
    await labOk("perimeter", "nft", `table ip fault { ${NO_IKE}; }`);
    const { code, stderr } = await moving;
    await labOk("perimeter", "nft", "delete table ip fault");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /not proven on qemu\+ssh\S+ within 1 s: gw-test runs on qemu:\/\/\/system/,
    );
    expect(await state(HOME)).toBe("running");
    expect(await state(SPARE)).toMatch(ABSENT);
    expect(await virsh(SPARE, "vol-list vg0")).toBe("");
    expect((await verify("--timeout", "120")).code).toBe(0);
    await labOk("pulumi", "preview", "--expect-no-changes");
  });

  it("goes on after a run that was killed in the middle", async () => {
    const killed = migrate(SPARE);
    await until(async () => (await virsh(SPARE, "vol-list vg0")).includes("gw-test"));
    await until(async () => (await state(HOME)) === "shut off");
    for (const pid of processesWith(join(ROOT, "operate/cli.ts"), "migrate")) {
      process.kill(pid, "SIGKILL");
    }
    await killed;
    expect(await state(SPARE)).toBe("shut off");

    const { code, stdout, output } = await migrate(SPARE);
    expect([code, output]).toEqual([0, expect.any(String)]);
    expect(stdout).toMatch(/^ok +place .*from a run that was interrupted$/m);
    expect(stdout).toMatch(/^gw-test runs on qemu\+ssh\S+ after \d+ s; 2 of 2 tunnels proven$/m);
    expect(await state(HOME)).toMatch(ABSENT);
    expect((await verify()).code).toBe(0);
  });

  it("has the stack know where it is, without anything to do", async () => {
    const file = readFileSync(join(ROOT, ".lab/project/Pulumi.test.yaml"), "utf8");
    expect(file).toContain(`uri: ${SPARE}`);
    await labOk("pulumi", "preview", "--expect-no-changes");
  });

  it("back while it runs: its tunnels keep their SPIs", async () => {
    await virsh(HOME, `vol-delete ${DISK}`);
    const { stdout } = await migrate(HOME, ...LIVE, "--check");
    const refused = /^FAILED +rehearsal +(.*)$/m.exec(stdout)?.[1];
    if (refused !== undefined) {
      writeSync(2, `SKIPPED: live migration: this hypervisor cannot: ${refused}\n`);
      return;
    }
    const before = [await spisOf("west"), await spisOf("east")];
    const { code, output } = await migrate(HOME, ...LIVE);
    expect([code, output]).toEqual([0, expect.stringContaining("2 of 2 tunnels proven")]);
    expect([await spisOf("west"), await spisOf("east")]).toEqual(before);
    expect((await verify()).code).toBe(0);
    expect(await state(SPARE)).toMatch(ABSENT);
    await labOk("pulumi", "preview", "--expect-no-changes");
  });

  it("to one with the same volumes and back, with nothing copied", async () => {
    const shared = async (to: string, ...way: string[]) => {
      const { code, output } = await migrate(to, "--shared", ...way);
      expect([code, output]).toEqual([0, expect.stringContaining("2 of 2 tunnels proven")]);
      expect(await state(to === HOME ? SPARE : HOME)).toMatch(ABSENT);
      await labOk("pulumi", "preview", "--expect-no-changes");
    };
    expect(await state(HOME)).toBe("running");
    // It has the disk that the gateway has left there.
    const alone = await migrate(SPARE, "--shared");
    expect([alone.code, alone.stdout]).toEqual([
      1,
      expect.stringMatching(/^FAILED +disk .*of its own: not shared$/m),
    ]);
    await labOk("spare", "--shared");
    try {
      await shared(SPARE);
      await shared(HOME, ...LIVE);
    } finally {
      if ((await state(SPARE)) === "running") await migrate(HOME, "--shared");
      await labOk("spare");
    }
    expect((await verify()).code).toBe(0);
  });
});
