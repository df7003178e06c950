import { labOk, onGateway, verify } from "./support/lab";
import { powerCut } from "./support/powerCut";

it("carries packets again after a reboot of the guest, with no Pulumi run", async () => {
  const before = (await onGateway("sysctl -n kern.boottime")).stdout;
  await powerCut();
  const { code, tunnels } = await verify();
  expect(code).toBe(0);
  expect(tunnels).toHaveLength(2);
  expect((await onGateway("sysctl -n kern.boottime")).stdout).not.toBe(before);
  await labOk("pulumi", "preview", "--expect-no-changes");
});
