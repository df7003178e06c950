import { onGateway, verify } from "./support/lab";
import { ownStack, upOk } from "./support/ownStack";
import { editStack } from "./support/stackFile";

const RULE = "pass in on vio0 inet proto tcp from 10.10.0.100 to (vio0) port 9100";

ownStack();

function declare(rules: string): Promise<unknown> {
  editStack((values) => {
    values.set("system", { pfRules: rules });
  });
  return upOk();
}

const loaded = async (): Promise<string> => (await onGateway("pfctl -a user -s rules")).stdout;

describe("further rules of pf", () => {
  it("are in an anchor of their own, and the tunnels carry packets", async () => {
    await declare(RULE);
    expect(await loaded()).toMatch(/^pass in on vio0 inet proto tcp from 10\.10\.0\.100 .* 9100/);
    expect((await verify()).code).toBe(0);
  });

  it("that pf cannot read are refused, and those that are loaded stay", async () => {
    await expect(declare("pass in on\n")).rejects.toThrow(/pf\.user\.conf: refused by pf/);
    expect(await loaded()).toContain("9100");
  });

  it("are gone with their declaration", async () => {
    editStack((values) => {
      values.delete("system");
    });
    await upOk();
    expect(await loaded()).toBe("");
  });
});
