import { labOk, onGateway, previewSummary, verify } from "./support/lab";
import { editStack, saveStack } from "./support/stackFile";

let restore: () => void;
const upOk = () => labOk("pulumi", "up", "--yes", "--skip-preview");
const resolvd = async () => (await onGateway("rcctl check resolvd")).code === 0;

beforeAll(async () => {
  await labOk("up");
  restore = saveStack();
});

afterAll(async () => {
  restore();
  await upOk();
  expect((await verify()).code).toBe(0);
});

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
