import { loadConfig } from "../../../../config/load";
import { readStackFile } from "../../../../operate/check/stackFile";
import { Refusal } from "../../../../operate/command";
import { proxyOf } from "../../../../operate/promotion/copy/xmlOnly";

const { config } = loadConfig(readStackFile("Pulumi.prod.yaml"));
const proxy = { host: "10.12.0.9", port: 2222, user: "jump" };

describe("the host before a gateway that no stack is deployed of", () => {
  it("is none where none is declared", () => {
    expect(proxyOf(config)).toBeUndefined();
  });

  it("is gone through with the key that the file has", () => {
    const hostKey = "ssh-ed25519 AAAAjump";
    const through = { ...config, admin: { ...config.admin, proxy: { ...proxy, hostKey } } };
    expect(proxyOf(through)).toEqual({ ...proxy, hostKey });
  });

  it("is refused without one: nothing has pinned it", () => {
    const unknown = { ...config, admin: { ...config.admin, proxy } };
    expect(() => proxyOf(unknown)).toThrow(Refusal);
    expect(() => proxyOf(unknown)).toThrow(/admin\.proxy\.hostKey: is missing/);
  });
});
