import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { inLab, lab, labOk, onGateway, ROOT, spisOf } from "./support/lab";
import { upOk } from "./support/ownStack";
import { editStack, saveStack } from "./support/stackFile";

const DESTROY = ["destroy", "--yes", "--skip-preview"];

describe("the end of a stack", () => {
  const ruleset = async () => (await labOk("perimeter", "nft", "list", "ruleset")).stdout;
  const OURS = /^table inet openbsd-ipsec-gateway \{\n[^]*?^\}\n/m;

  beforeAll(async () => {
    await labOk("up");
  });

  /** A hash of each resource, as the state has it: what is in it is nobody's to read. */
  async function state(): Promise<Record<string, string>> {
    const { stdout } = await labOk("pulumi", "stack", "export", "--show-secrets");
    const { deployment } = JSON.parse(stdout) as { deployment: { resources: { urn: string }[] } };
    const hash = (one: object) => createHash("sha256").update(JSON.stringify(one)).digest("hex");
    // The engine's own, which any run makes anew.
    const ours = deployment.resources.filter(
      ({ urn }) => !urn.endsWith("providers:pulumi::default"),
    );
    return Object.fromEntries(ours.map((one) => [one.urn, hash(one)]));
  }

  /** What there is of the stack, everywhere. */
  async function everything() {
    return {
      state: await state(),
      machine: (await inLab("virsh -q dumpxml gw-test --inactive; virsh -q domstate gw-test"))
        .stdout,
      disks: (await inLab("virsh -q vol-list vg0; virsh -q vol-list media")).stdout,
      firewall: await ruleset(),
      gateway: (await onGateway("cksum /etc/iked/*.conf /etc/pf.conf")).stdout,
      spis: [await spisOf("west"), await spisOf("east")],
    };
  }

  it("does not come to a protected one; a tunnel leaves it as any other", async () => {
    const restore = saveStack();
    const protect = (value: boolean) => {
      editStack((values) => {
        values.set("machine.protect", value);
      });
      return upOk();
    };
    await protect(true);
    const before = await everything();
    expect(before.machine).toContain("<gateway:protected");
    const destroyed = await lab("pulumi", ...DESTROY);
    expect([destroyed.code === 0, destroyed.output]).toEqual([
      false,
      expect.stringMatching(/protection" cannot be deleted\s+because it is protected/),
    ]);
    await labOk("pulumi", ...DESTROY, "--exclude-protected");
    const ignored = await lab("pulumi", ...DESTROY, "--ignore-protect");
    expect(ignored.output).toMatch(/gw-test: is protected \(machine\.protect\)/);
    expect(await everything()).toEqual(before);

    editStack((values) => {
      values.delete("tunnels.1");
    });
    await upOk();
    expect(Object.keys(await state()).join("\n")).not.toMatch(/east/);
    expect((await onGateway("ls /etc/iked")).stdout).not.toMatch(/east/);
    await protect(false);
    restore();
  });

  it("destroy removes volume, domain and forwards, and nothing else", async () => {
    const before = await ruleset();
    expect(before).toMatch(OURS);
    await labOk("pulumi", ...DESTROY);
    expect((await inLab("virsh -q list --all --name")).stdout).not.toMatch(/gw-test/);
    expect((await inLab("virsh -q vol-list vg0")).stdout).not.toMatch(/gw-test/);
    expect((await inLab("virsh -q pool-info vg0")).stdout).toMatch(/running/);
    expect(await ruleset()).toBe(before.replace(OURS, ""));
  });

  it("lab down leaves nothing behind, not even of a disk that was deleted", async () => {
    rmSync(join(ROOT, ".lab/vg0.img"));
    await labOk("down");
    const { stdout } = await labOk("inventory");
    // Another clone's lab may run beside this one, under another name.
    const name = process.env.LAB_NAME ?? "";
    const traces = [`gwlab${name}-`, `${ROOT}/.lab/`, `/dev/vg0${name}/`, `/dev/vg2${name}/`];
    expect(traces.filter((trace) => stdout.includes(trace))).toEqual([]);
  });
});
