import { lab, labOk, onGateway, previewSummary, spisOf, verify } from "./support/lab";
import { editStack, saveStack } from "./support/stackFile";

/** Networks and users from which nobody in the lab comes. */
const NOBODY = { networks: ["10.10.0.9/32"], allowUsers: ["root@192.0.2.1"] };

describe("a change that would do harm", () => {
  let restore: () => void;
  let west: string[];
  let east: string[];

  beforeAll(async () => {
    restore = saveStack();
    west = await spisOf("west");
    east = await spisOf("east");
    expect(Math.min(west.length, east.length)).toBeGreaterThan(0);
  });

  afterEach(() => {
    restore();
  });

  const up = () => lab("pulumi", "up", "--yes", "--skip-preview");
  const onDisk = async () => (await onGateway("cat /etc/pf.conf /etc/ssh/sshd_config")).stdout;

  it("is refused when iked would leave out what is declared", async () => {
    editStack((values) => {
      values.set("tunnels.0.phase2", { encryption: "aes-256-gcm", group: "ecp256" });
    });
    const { code, output } = await up();
    expect(code).not.toBe(0);
    expect(output).toMatch(/west\.conf: refused by iked[^]*leaves out "childsa enc aes-256-gcm/);
    expect(await spisOf("west")).toEqual(west);
  });

  it("is taken back when it locks out SSH by pf; meanwhile a dead tunnel heals by itself", async () => {
    // No goodbye to the gateway, and it waits to be called: iked alone would need minutes.
    await labOk("site", "west", "kill");
    await labOk("site", "west", "start");
    editStack((values) => {
      values.set("admin.networks", NOBODY.networks);
    });
    const { code, output } = await up();
    expect(code).not.toBe(0);
    expect(output).toMatch(/\/etc\/pf\.conf: taken back at .*, not confirmed within 60 s/);
    expect(await onDisk()).not.toContain("10.10.0.9");
    expect((await onGateway("pfctl -s rules -v; pfctl -t admin_nets -T show")).stdout).toContain(
      "10.10.0.254",
    );

    const { tunnels } = await verify("--timeout", "60");
    expect(tunnels.map(({ proven }) => proven)).toEqual([true, true]);
    const healed = await onGateway("gwctl state; cat /var/log/daemon /var/log/messages");
    expect(healed.stdout).toMatch(/^west failures=0 resets=1 last=\d+ .*unanswered: reset/m);
    expect(healed.stdout).toMatch(/watch: west: .* unanswered: reset, 1 of 24 today/);
    expect(await spisOf("west")).not.toEqual(west);
    expect(await spisOf("east")).toEqual(east);
  });

  it("is taken back when it locks out SSH by sshd", async () => {
    editStack((values) => {
      values.set("admin.sshd", { allowUsers: NOBODY.allowUsers });
    });
    const { code, output } = await up();
    expect(code).not.toBe(0);
    expect(output).toMatch(/sshd_config: taken back at .*, not confirmed within 60 s/);
    expect(await onDisk()).not.toContain("192.0.2.1");
  });

  it("leaves a gateway on which the next right run converges", async () => {
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    expect(await previewSummary()).toEqual({});
    expect((await verify()).code).toBe(0);
    expect(await spisOf("east")).toEqual(east);
  });
});
