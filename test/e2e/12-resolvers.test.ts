import { onGateway, previewSummary } from "./support/lab";
import { ownStack, upOk } from "./support/ownStack";
import { editStack } from "./support/stackFile";

const restore = ownStack();
const resolvd = async () => (await onGateway("rcctl check resolvd")).code === 0;

describe("the resolvers of the gateway", () => {
  it("are the stack's when it declares them, and resolvd's again when it does not", async () => {
    expect(await resolvd()).toBe(true);
    editStack((values) => {
      values.set("network.dns", ["10.10.0.1"]);
    });
    await upOk();
    expect((await onGateway("cat /etc/resolv.conf")).stdout).toContain("nameserver 10.10.0.1\n");
    expect(await resolvd()).toBe(false);

    restore();
    await upOk();
    expect(await resolvd()).toBe(true);
    expect((await onGateway("rcctl get resolvd status")).code).toBe(0);
    expect(await previewSummary()).toEqual({});
  });
});
