import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { drift } from "./support/firewall";
import { labOk, onGateway, ROOT, spisOf, verify } from "./support/lab";
import { gatewayStatus, stateOf, statusWithin, whyWithin } from "./support/operator";
import { ownStack, upOk } from "./support/ownStack";
import { editStack } from "./support/stackFile";

ownStack();

/** Seconds: iked starts a tunnel that has no SA once a minute (IKED_INITIATOR_INTERVAL of iked.h). */
const RENEWED_WITHIN = 150;

const FILE = "/etc/iked/pubkeys/fqdn/west.example.net";

/** What the other site's administrator sent. */
const sitesKey = (): string =>
  readFileSync(join(ROOT, ".lab/peers/west/pubkey/site.pem"), "utf8").trim();

async function declare(peerKey: string): Promise<void> {
  editStack((values) => {
    values.set("tunnels.0.auth", "publickey");
    values.set("tunnels.0.peerKey", peerKey);
  });
  await upOk();
}

describe("a tunnel whose ends have public keys", () => {
  it("carries packets, needs no preshared key, and the other tunnel keeps its SPIs", async () => {
    const east = await spisOf("east");
    await declare(sitesKey());
    expect((await verify()).code).toBe(0);
    expect(stateOf(await gatewayStatus(), "west")).toBe("proven");
    expect(await spisOf("east")).toEqual(east);
    const { stdout } = await labOk(
      "pulumi",
      "stack",
      "output",
      "presharedKeys",
      "--json",
      "--show-secrets",
    );
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(["east"]);
    expect((await onGateway(`cat ${FILE}`)).stdout.trim()).toBe(sitesKey());
    expect(await drift()).toMatchObject({ findings: [] });
  });

  it("is not up with another key than the peer's, which `why` names; with the right one it is again", async () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await declare(publicKey.export({ type: "spki", format: "pem" }).toString().trim());
    await labOk("gateway", "tunnel", "kill", "west");
    const status = await statusWithin(60, "west", ["down", "negotiating"]);
    expect(["down", "negotiating"]).toContain(stateOf(status, "west"));
    const { cause } = await whyWithin(RENEWED_WITHIN, "west", "public-key");
    expect(cause).toMatchObject({ code: "public-key", field: "peerKey" });
    await declare(sitesKey());
    expect((await verify("--timeout", "180")).code).toBe(0);
  });
});
