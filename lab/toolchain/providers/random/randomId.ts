// RandomId: random bytes, shown in the four notations of the real plugin.
import { randomBytes } from "node:crypto";
import type { ResourceType } from "../core/resourceType";

/** Token random:index/randomId:RandomId. */
export const randomId: ResourceType = {
  inputs: { byteLength: "replace", keepers: "replace", prefix: "replace" },
  outputs: { b64Std: "given", b64Url: "given", dec: "given", hex: "given" },
  check: ({ byteLength }) =>
    byteLength === undefined || (Number.isInteger(byteLength) && Number(byteLength) >= 1)
      ? []
      : [{ property: "byteLength", reason: "must be a whole number of at least 1" }],
  create: (inputs) => {
    const bytes = randomBytes(Number(inputs.byteLength));
    const prefix = typeof inputs.prefix === "string" ? inputs.prefix : "";
    const hex = bytes.toString("hex");
    const b64Url = bytes.toString("base64url");
    return Promise.resolve({
      id: b64Url,
      outputs: {
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + b64Url,
        dec: prefix + BigInt(`0x${hex}`).toString(),
        hex: prefix + hex,
      },
    });
  },
};
