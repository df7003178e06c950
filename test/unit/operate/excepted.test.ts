import type { DeclaredTunnel } from "../../../contract/tunnel";
import { diagnose } from "../../../operate/why/diagnose";
import { exceptionsMissing } from "../../../operate/status/excepted";
import { parseFlow } from "../../../parse/ipsecctl";
import { down, facts } from "./support/whyFacts";

const tunnel = {
  name: "office",
  pairs: [{ local: "10.10.0.0/24", remote: "0.0.0.0/0" }],
  excepted: ["10.10.0.0/24", "192.0.2.53/32"],
} as unknown as DeclaredTunnel;
/** As OpenBSD 7.8 prints them: a host has no prefix. */
const FLOWS = [
  "flow esp in from 10.10.0.0/24 to 10.10.0.0/24 type bypass",
  "flow esp in from 192.0.2.53 to 10.10.0.0/24 type bypass",
  "flow esp out from 10.10.0.0/24 to 10.10.0.0/24 type bypass",
  "flow esp out from 10.10.0.0/24 to 192.0.2.53 type bypass",
];
const live = (lines: readonly string[], state: "up" | "down" = "up") => ({
  flows: lines.flatMap((line) => parseFlow(line) ?? []),
  tunnels: [{ name: "office", daemon: "iked" as const, state }],
});
const SECOND = "the exception 10.10.0.0/24 to 192.0.2.53/32 is not in the kernel";

describe("the exceptions of a tunnel for every address", () => {
  it("are there", () => {
    expect(exceptionsMissing(live(FLOWS), tunnel)).toEqual([]);
  });

  it.each([1, 3])("are missing with one direction alone (%i)", (left) => {
    const lines = FLOWS.filter((_, index) => index !== left);
    expect(exceptionsMissing(live(lines), tunnel)).toEqual([SECOND]);
  });

  it("are not replaced by a flow of a tunnel", () => {
    const lines = FLOWS.map((line) => line.replace("type bypass", "peer 192.0.2.1 type require"));
    expect(exceptionsMissing(live(lines), tunnel)).toHaveLength(2);
  });

  it("are what is wrong first, also with a tunnel that is proven", () => {
    const { cause } = diagnose(
      facts({ exceptionsMissing: [SECOND], status: { ...down, state: "proven" } }),
    );
    expect(cause).toMatchObject({
      code: "exception",
      what: `${SECOND}, so that its packets enter the tunnel or are dropped`,
      fix: "on the gateway: gwctl watch once",
    });
  });

  it("are not missed while the tunnel is down by hand, nor of another tunnel", () => {
    expect(exceptionsMissing(live([], "down"), tunnel)).toEqual([]);
    expect(exceptionsMissing(live([]), { ...tunnel, excepted: undefined })).toEqual([]);
  });
});
