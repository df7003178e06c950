import { path } from "./support/firewall";
import { labOk, onGateway, previewSummary, verify } from "./support/lab";
import { Probes } from "./support/probes";
import { editStack, saveStack } from "./support/stackFile";

/** Runs `up` with pings through both tunnels all the while, and tells how long each was out. */
async function upWithOutage(to: string): Promise<void> {
  const probes = await Probes.through({ west: "198.51.100.11", east: "198.51.100.12" });
  try {
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    for (const [name, { outageSeconds }] of Object.entries(await probes.stop())) {
      console.info(`switch to ${to}: ${name} was out for ${outageSeconds} s`);
    }
  } finally {
    probes.discard();
  }
}

describe("the switch of the IKE daemon", () => {
  let restore: () => void;

  beforeAll(() => {
    restore = saveStack();
  });

  it("moves the same gateway to isakmpd and IKEv1", async () => {
    editStack((values) => {
      values.set("ike.daemon", "isakmpd");
    });
    await upWithOutage("isakmpd");
    const { code, tunnels } = await verify();
    expect(code).toBe(0);
    for (const tunnel of tunnels) {
      expect(tunnel).toMatchObject({ ikeVersion: 1, cleartextOutside: 0, proven: true });
    }
    expect((await onGateway("rcctl check isakmpd")).code).toBe(0);
    expect((await onGateway("rcctl check iked")).code).not.toBe(0);
    expect((await onGateway("ls /etc/iked/west.conf")).code).not.toBe(0);
    const { code: way, rows } = await path();
    expect([way, rows.esp, rows["mtu west"]]).toMatchObject([
      0,
      { result: "ok" },
      { result: "ok" },
    ]);
    expect(await previewSummary()).toEqual({});
  });

  it("changes one IKEv1 tunnel without touching the other", async () => {
    const before = await verify();
    editStack((values) => {
      values.set("tunnels.0.phase2.lifetime", 2400);
    });
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    const after = await verify();
    const spis = (proofs: typeof before, name: string) =>
      proofs.tunnels.find((tunnel) => tunnel.name === name)?.spis;
    expect(after.code).toBe(0);
    expect(spis(after, "east")).toEqual(spis(before, "east"));
    expect(spis(after, "west")).not.toEqual(spis(before, "west"));
  });

  it("negotiates a killed tunnel again, and starts an isakmpd that died", async () => {
    await labOk("gateway", "tunnel", "kill", "west");
    expect((await verify()).code).toBe(0);
    expect((await onGateway("pkill -KILL -x isakmpd")).code).toBe(0);
    await labOk("gateway", "tunnel", "restart", "west");
    expect((await verify()).code).toBe(0);
    expect((await onGateway("rcctl check isakmpd")).code).toBe(0);
  });

  it("recovers from a reboot with isakmpd as well", async () => {
    await labOk("shell", "-c", "virsh -q reset gw-test");
    const { code } = await verify();
    expect(code).toBe(0);
  });

  it("moves back to iked and IKEv2", async () => {
    restore();
    await upWithOutage("iked");
    const { code, tunnels } = await verify();
    expect(code).toBe(0);
    expect(tunnels.map(({ ikeVersion }) => ikeVersion)).toEqual([2, 2]);
    expect((await onGateway("rcctl check isakmpd")).code).not.toBe(0);
  });
});
