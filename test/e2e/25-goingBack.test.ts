import { lab, labOk, onGateway, previewSummary, verify } from "./support/lab";
import { powerCut } from "./support/powerCut";
import { until } from "./support/until";
import { editStack, saveStack } from "./support/stackFile";

/** A network from which nobody in the lab comes. */
const NOBODY = ["10.10.0.9/32"];
const USER_RULE = "pass in quick on vio0 inet proto tcp from 10.10.0.100 to (vio0) port 9100";

/** Trials when something else is wrong as well: pf is off, the confirmed text is broken, the boot fails. */
describe("the packet filter's way back", () => {
  let restore: () => void;

  beforeAll(() => {
    restore = saveStack();
  });

  afterAll(async () => {
    restore();
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    expect(await previewSummary()).toEqual({});
  });

  const up = () => lab("pulumi", "up", "--yes", "--skip-preview");
  const rules = async () => (await onGateway("pfctl -sr")).stdout;
  const info = async () => (await onGateway("pfctl -s info | head -1")).stdout;
  const reboot = async () => {
    const before = (await onGateway("sysctl -n kern.boottime")).stdout;
    await powerCut();
    await until(async () => {
      const { code, stdout } = await onGateway("sysctl -n kern.boottime");
      return code === 0 && stdout !== before;
    });
  };

  it("is off again, where a trial that turned it on was not confirmed", async () => {
    await onGateway("pfctl -d");
    editStack((values) => {
      values.set("admin.networks", NOBODY);
    });
    const { code, output } = await up();
    restore();
    expect(code).not.toBe(0);
    expect(output).toMatch(/\/etc\/pf\.conf: taken back at .*, not confirmed within 60 s/);
    expect(await info()).toMatch(/^Status: Disabled/);
    const { stdout } = await onGateway("cat /etc/pf.conf; pfctl -t admin_nets -T show");
    expect(stdout).not.toContain("10.10.0.9");
  });

  it("and is on for good after the next right run, although that text was confirmed before", async () => {
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    expect(await info()).toMatch(/^Status: Enabled/);
    expect((await onGateway("ls /var/db/gwctl")).stdout).not.toMatch(/\.armed|\.expired/);
    expect((await verify()).code).toBe(0);
  });

  it("is the last resort, where the confirmed text does not load, and the text once it does", async () => {
    await onGateway("echo nonsense >>/etc/pf.conf");
    editStack((values) => {
      values.set("admin.networks", NOBODY);
    });
    const { code } = await up();
    restore();
    expect(code).not.toBe(0);
    const last = await rules();
    expect(last).toMatch(/^pass in quick on vio0 proto tcp from <admin_nets>/m);
    expect(last).toMatch(/^pass in quick on vio0 proto udp from <vpn_peers>/m);
    expect(last).not.toMatch(/enc0|anchor/);

    const rollback = await onGateway("gwctl pf rollback");
    expect([rollback.code, rollback.output]).toEqual([
      3,
      expect.stringContaining("the confirmed text does not run: the last resort does"),
    ]);
    expect((await lab("gateway", "status")).output).toMatch(/pf\.conf.* the last resort does/);
    expect((await onGateway("cat /var/log/messages /var/log/daemon")).stdout).toMatch(
      /pf: the confirmed text does not run/,
    );

    await onGateway("sed -i /nonsense/d /etc/pf.conf");
    await until(async () => (await rules()).includes('anchor "user"'));
    expect((await onGateway("gwctl pf rollback")).output).toBe("unchanged\n");
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    expect((await verify()).code).toBe(0);
  });

  it("has further rules that a reboot gives back, and that are no drift", async () => {
    editStack((values) => {
      values.set("system.pfRules", USER_RULE);
    });
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    await reboot();
    expect((await onGateway("pfctl -a user -sr")).stdout).toMatch(/port = 9100/);
    const drift = await lab("gateway", "drift");
    expect([drift.code, drift.output]).toEqual([0, expect.stringContaining("nothing drifted")]);
    expect(await previewSummary()).toEqual({});
  });

  it("starts with pf.conf and its tunnels, whatever is wrong with the further rules", async () => {
    await onGateway("echo 'pass in from nosuch.example.net' >/etc/pf.user.conf");
    await reboot();
    expect((await verify()).code).toBe(0);
    expect(await rules()).toMatch(/^anchor "user" all/m);
    await until(async () => /^pfuser stuck/m.test((await onGateway("gwctl state")).stdout));
  });

  it("leaves rc(8)'s open rules for the last resort, where pf.conf does not load at boot", async () => {
    await onGateway("echo nonsense >>/etc/pf.conf");
    await reboot();
    await until(async () => /^pf stuck/m.test((await onGateway("gwctl state")).stdout));
    expect(await rules()).toContain("<admin_nets>");
    expect(await rules()).not.toMatch(/carp|anchor/);
    expect((await onGateway("cat /var/log/messages /var/log/daemon")).stdout).toMatch(
      /pf\.conf did not load at boot/,
    );
    await onGateway(`sed -i /nonsense/d /etc/pf.conf; echo '${USER_RULE}' >/etc/pf.user.conf`);
    await until(async () => (await rules()).includes('anchor "user"'));
    await until(async () => (await onGateway("pfctl -a user -sr")).stdout.includes("9100"));
  });
});
