import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import {
  inLab,
  lab,
  labOk,
  onGateway,
  previewSummary,
  type Result,
  ROOT,
  run,
  spisOf,
  verify,
} from "./support/lab";
import { logged, pulumiProcesses } from "./support/processes";
import { editStack, saveStack } from "./support/stackFile";

const INSTALLER = join(ROOT, ".lab/media/install79.iso");
const SIGNATURE = join(ROOT, ".lab/media/SHA256.sig");
const SCRATCH = join(ROOT, ".lab/e2e-iso");
const TRANSCRIPT = join(ROOT, ".lab/home/.local/state/openbsd-ipsec-gateway/gw-test-console.log");

const up = (): Promise<Result> => lab("pulumi", "up", "--yes", "--skip-preview");
const cds = async (): Promise<string> => (await inLab("virsh -q vol-list media")).stdout;
const transcript = (): string => readFileSync(TRANSCRIPT, "latin1");

describe("from the signed ISO", () => {
  let restore: () => void;

  beforeAll(async () => {
    // A lab whose gateway was made in another way has to go first.
    if ((await lab("up", "--installer")).code !== 0) {
      await labOk("down");
      await labOk("up", "--installer");
    }
    restore = saveStack();
  });

  afterEach(() => {
    restore();
  });

  afterAll(() => {
    rmSync(SCRATCH, { recursive: true, force: true });
  });

  /** Asks for a new installation, from an ISO in the scratch directory if one is named. */
  function anew(iso?: string, more: Record<string, unknown> = {}): void {
    editStack((values) => {
      values.set("source.iso.generation", 2);
      if (iso !== undefined) values.set("source.iso.file", join(SCRATCH, iso, "install79.iso"));
      for (const [path, value] of Object.entries(more)) values.set(path, value);
    });
  }

  it("an empty volume group becomes a gateway with proven tunnels, and stays one", async () => {
    expect((await verify()).code).toBe(0);
    expect(await previewSummary()).toEqual({});
    expect(transcript()).toMatch(/CONGRATULATIONS!/);
    expect(transcript()).not.toMatch(/has no answer/);
    expect(statSync(TRANSCRIPT).mode & 0o777).toBe(0o600);
    expect(await cds()).not.toMatch(/gw-test-/);
    const { stdout } = await inLab("virsh dumpxml gw-test");
    expect(stdout).not.toMatch(/cdrom/);
    expect(stdout).toMatch(/<on_reboot>restart/);
  });

  it("the host key of every connection is the one that the installer told", async () => {
    // It goes on from one installation to the next.
    const told = [...transcript().matchAll(/gateway-host-key: (ssh-ed25519 \S+)/g)].at(-1)?.[1];
    const shown = await onGateway("cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub");
    expect(shown.stdout.trim()).toBe(told);
    const outputs = JSON.parse((await labOk("pulumi", "stack", "output", "--json")).stdout) as {
      gateway: { hostKey: string };
      installation: { seconds: Record<string, number>; transcript: string };
    };
    expect(outputs.gateway.hostKey).toBe(told);
    expect(Object.keys(outputs.installation.seconds).sort()).toEqual([
      ...["firstBoot", "install", "media", "upload"],
    ]);
    expect(outputs.installation.transcript).toBe(TRANSCRIPT);
  });

  it("values of the installer alone change nothing on a gateway that is there", async () => {
    editStack((values) => {
      values.set("admin.publicKeys", ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC new"]);
      values.set("source.iso.file", "/nonexistent/install79.iso");
    });
    expect(await previewSummary()).toEqual({});
  });

  describe("what is wrong with the medium is found before the gateway is touched:", () => {
    let west: string[];

    beforeAll(async () => {
      west = await spisOf("west");
      mkdirSync(join(SCRATCH, "altered"), { recursive: true });
      mkdirSync(join(SCRATCH, "short"), { recursive: true });
      for (const name of ["altered", "short"]) {
        copyFileSync(INSTALLER, join(SCRATCH, name, "install79.iso"));
        copyFileSync(SIGNATURE, join(SCRATCH, name, "SHA256.sig"));
      }
      const altered = readFileSync(INSTALLER);
      altered.writeUInt8(altered.readUInt8(1_000_000) ^ 1, 1_000_000);
      writeFileSync(join(SCRATCH, "altered", "install79.iso"), altered);
      truncateSync(join(SCRATCH, "short", "install79.iso"), 20_000_000);
      const pool = "/run/small-pool";
      await inLab(
        `mkdir -p ${pool} && mount -t tmpfs -o size=8m tmpfs ${pool} && virsh pool-create-as small dir --target ${pool}`,
      );
    });

    afterAll(async () => {
      await inLab("virsh pool-destroy small; umount /run/small-pool");
      expect(await spisOf("west")).toEqual(west);
    });

    const faults: [what: string, iso: string | undefined, values: object, says: RegExp][] = [
      [
        "another key",
        undefined,
        { "source.iso.key": "" },
        /not signed with OpenBSD 7\.9's base key/,
      ],
      ["an altered ISO", "altered", {}, /is not the install79\.iso that was signed/],
      ["a truncated ISO", "short", {}, /is not the install79\.iso that was signed/],
      [
        "another release",
        undefined,
        { "source.iso.release": "7.8" },
        /does not list install78\.iso/,
      ],
      [
        "a media pool without room",
        undefined,
        { "hypervisor.mediaPool": "small" },
        /pool small: needs [\d.]+ MiB for the install CD, has [\d.]+ MiB free/,
      ],
      [
        "a media pool that is not there",
        undefined,
        { "hypervisor.mediaPool": "nowhere" },
        /hypervisor\.mediaPool: there is no pool nowhere/,
      ],
    ];

    it.each(faults)("%s", async (_what, iso, values, says) => {
      anew(iso);
      editStack((stack) => {
        for (const [path, value] of Object.entries(values)) {
          if (value === "") stack.delete(path);
          else stack.set(path, value);
        }
      });
      const { code, output } = await up();
      expect(code).not.toBe(0);
      expect(output).toMatch(says);
      expect(output).not.toMatch(/^\s+at .*\.ts:\d+/m);
      expect(await cds()).not.toMatch(/gw-test-/);
    });

    it("a volume group without room", async () => {
      editStack((values) => {
        values.set("machine.name", "gw-other");
        values.set("machine.diskGiB", 100);
      });
      const { code, output } = await up();
      expect(code).not.toBe(0);
      expect(output).toMatch(/machine\.diskGiB: pool vg0 has [\d.]+ GiB free/);
    });

    it("a tunnel that leaves the stack together with the old system", async () => {
      anew(undefined, { "tunnels.1.name": "eastern" });
      const { code, output } = await up();
      expect(code).not.toBe(0);
      expect(output).toMatch(
        /tunnels: east leaves the stack .* take it out in the next one \(GW148\)/,
      );
    });

    it("a protected gateway that is not to be reinstalled", async () => {
      anew(undefined, { "machine.protect": true });
      const { code, output } = await up();
      expect(code).not.toBe(0);
      expect(output).toMatch(/generation: 2 would replace gw-test.*allowReinstall/);
    });
  });

  // Each ends with a disk that is half written, or a run that is half over; the next one starts over.
  describe("an installation that does not end", () => {
    async function failing(fault: string): Promise<void> {
      const made = await run(join(ROOT, "lab/standin/installer/fault"), [
        ...[INSTALLER, join(SCRATCH, "fault"), fault],
      ]);
      expect(made.output).toBe("");
      anew("fault");
    }

    async function off(): Promise<void> {
      expect((await inLab("virsh -q list --all")).stdout.trim()).toBe("");
    }

    it.each([
      ["question", /Question has no answer in response file: "Is this the stand-in\?"/],
      ["panic base79.tgz", /the console says: panic: stand-in fault[^]*transcript: /],
    ])("%s: says why, and leaves no machine", async (fault, says) => {
      await failing(fault);
      const { code, output } = await up();
      expect(code).not.toBe(0);
      expect(output).toMatch(says);
      expect(output).toMatch(/The domain was stopped\.[^]*to resume: run pulumi up again/);
      await off();
    });

    it.each(["SIGINT", "SIGKILL"] as const)("ended by %s: leaves no machine", async (signal) => {
      const before = transcript().length;
      anew();
      const first = up();
      await logged(TRANSCRIPT, `Z installation of gw-test`);
      for (let tries = 0; !transcript().slice(before).includes("sets?") && tries < 600; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      for (const pid of pulumiProcesses()) process.kill(pid, signal);
      expect((await first).code).not.toBe(0);
      await off();
    });

    it("is repaired by the next run, from a stock CD and the answers on a second one", async () => {
      anew(undefined, { "source.iso.path": "stock" });
      await labOk("up");
      restore = saveStack();
      expect((await verify()).code).toBe(0);
      expect(await previewSummary()).toEqual({});
      expect((await inLab("virsh desc gw-test")).stdout).toMatch(/generation 2$/m);
      expect(await cds()).not.toMatch(/gw-test-/);
    });
  });
});
