import { inLab, lab, labOk, onGateway, previewSummary, spisOf, verify } from "./support/lab";
import { editStack, saveStack } from "./support/stackFile";

describe("bad input", () => {
  let restore: () => void;
  let east: string[];

  beforeAll(async () => {
    restore = saveStack();
    east = await spisOf("east");
  });

  afterEach(() => {
    restore();
  });

  // Refused by the program itself: preview and up say the same, before any resource is touched.
  const refused: [what: string, values: Record<string, unknown>, says: RegExp][] = [
    ["an unknown key", { "network.adress": "10.10.0.2/24" }, /network.*adress/],
    ["a bad network", { "tunnels.0.remote.0": "10.20.1.0/33" }, /tunnels\[0\]\.remote\[0\]/],
    [
      "selectors of which each is wider on one side",
      { "tunnels.1.local.0": "10.10.0.0/25", "tunnels.1.remote.0": "10.20.0.0/16" },
      /tunnels\[1\].*GW032/,
    ],
    ["a duplicate tunnel name", { "tunnels.1.name": "west" }, /tunnels\[1\]\.name.*west/],
    ["the same from/to twice", { "tunnels.1.remote.0": "10.20.1.0/24" }, /10\.20\.1\.0\/24/],
    ["an unknown release", { source: { iso: { release: "7.1" } } }, /source\.iso\.release/],
  ];

  it.each(refused)("%s: refused with one clear error", async (_what, changes, says) => {
    editStack((values) => {
      for (const [path, value] of Object.entries(changes)) values.set(path, value);
    });
    const { code, output } = await lab("pulumi", "up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(says);
    expect(output).not.toMatch(/^\s+at .*\.ts:\d+/m);
  });

  it("all at once: every problem is in the same message", async () => {
    editStack((values) => {
      values.set("network.adress", 1);
      values.set("tunnels.0.remote.0", "10.20.1.0/33");
      values.set("tunnels.1.name", "West 1");
    });
    const { code, output } = await lab("pulumi", "preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(/adress/);
    expect(output).toMatch(/tunnels\[0\]\.remote\[0\]/);
    expect(output).toMatch(/tunnels\[1\]\.name/);
  });

  it.each([
    ["a space", "Planted Key 0f3Zq8Lw2Rt7Yb5Nc9Xd1Ve6", /space/],
    ["a #", "Planted#Key0f3Zq8Lw2Rt7Yb5Nc9Xd1Ve6M", /#/],
  ])("a preshared key with %s is refused, and not shown", async (_what, key, says) => {
    await inLab(`printf %s '${key}' | ./scripts/lab pulumi config set --secret badKey`);
    editStack((values) => {
      values.set("tunnels.0.psk", "badKey");
    });
    const { code, output } = await lab("pulumi", "up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(/tunnels\[0\]\.psk/);
    expect(output).toMatch(says);
    expect(output).not.toContain(key);
  });

  it("a missing pool is named", async () => {
    editStack((values) => {
      values.set("hypervisor.pool", "vg9");
    });
    const { code, output } = await lab("pulumi", "up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(/vg9/);
    expect((await inLab("virsh -q domstate gw-test")).stdout).toMatch(/running/);
  });

  it("an unreachable hypervisor is named", async () => {
    editStack((values) => {
      values.set("hypervisor.uri", "qemu:///system?socket=/nonexistent/libvirt-sock");
    });
    const { code, output } = await lab("pulumi", "preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(/nonexistent\/libvirt-sock/);
  });

  it("a wrong host key stops everything before the gateway is touched", async () => {
    const before = (await onGateway("sha256 -q /etc/iked/west.conf")).stdout;
    editStack((values) => {
      values.set(
        "admin.hostKey",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtQOMYT7CjCGh4V1mwAf0lwcmRxtdXbHVvmCKQzmQoT",
      );
      values.set("admin.connectTimeout", 10);
      values.set("tunnels.0.phase2.lifetime", 1800);
    });
    const { code, output } = await lab("pulumi", "up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(/host key/i);
    expect((await onGateway("sha256 -q /etc/iked/west.conf")).stdout).toBe(before);
  });

  it("a gateway without sshd is one clear error, and the next run converges", async () => {
    await onGateway("rcctl stop sshd");
    editStack((values) => {
      values.set("admin.connectTimeout", 10);
      values.set("tunnels.0.phase2.lifetime", 1800);
    });
    const { code, output } = await lab("pulumi", "up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(/10\.10\.0\.2.*refused/i);
    await inLab("virsh -q reset gw-test");
  });

  it("leaves the tunnels as they were, and the next correct run converges", async () => {
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    expect(await previewSummary()).toEqual({});
    const { code } = await verify();
    expect(code).toBe(0);
    expect(east.length).toBeGreaterThan(0);
  });
});
