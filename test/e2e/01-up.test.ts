import { labOk, previewSummary, verify } from "./support/lab";

describe("lab up from nothing", () => {
  beforeAll(async () => {
    await labOk("down");
    await labOk("up");
  });

  it("proves both tunnels with packets and shows nothing in clear", async () => {
    const { code, tunnels } = await verify();
    expect(code).toBe(0);
    expect(tunnels.map(({ name }) => name).sort()).toEqual(["east", "west"]);
    for (const tunnel of tunnels) {
      expect(tunnel).toMatchObject({ ikeVersion: 2, cleartextOutside: 0, proven: true });
      expect(tunnel.sent).toBeGreaterThan(0);
      expect(tunnel.received).toBe(tunnel.sent);
      expect(tunnel.spis.length).toBeGreaterThanOrEqual(2);
    }
  });

  it("previews no changes right after", async () => {
    await labOk("pulumi", "preview", "--expect-no-changes");
  });

  it("previews no changes after a refresh either", async () => {
    await labOk("pulumi", "refresh", "--yes", "--skip-preview");
    expect(await previewSummary()).toEqual({});
  });

  it("keeps the tunnels and the machine through a second up", async () => {
    const before = await verify();
    await labOk("up");
    const after = await verify();
    expect(after.tunnels.map(({ spis }) => spis)).toEqual(before.tunnels.map(({ spis }) => spis));
  });

  it("previews the prod stack as it is, once the test stack is proven", async () => {
    await labOk("gateway", "verify", "--stack", "test");
    await labOk("pulumi", "preview", "--stack", "prod");
  });
});
