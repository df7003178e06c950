import { drift } from "./support/firewall";
import { labOk, onGateway, spisOf, verify } from "./support/lab";
import { gatewayStatus, stateOf, statusWithin, whyWithin } from "./support/operator";
import { ownStack, upOk } from "./support/ownStack";
import { RemoteSite } from "./support/site";
import { editStack } from "./support/stackFile";

/** Of the same network as the site's own, and in no declaration. */
const ELSEWHERE = "198.51.100.77";
const SEEN_WITHIN = 60;

let link = "";
const address = (verb: "add" | "delete") =>
  labOk("on", "west", "ip", "address", verb, `${ELSEWHERE}/24`, "dev", link);

ownStack(async () => {
  if (link !== "") await address("delete");
});

describe("a peer without a fixed address", () => {
  it("is let in from the address that it has, and the other tunnel keeps its SPIs", async () => {
    const east = await spisOf("east");
    editStack((values) => {
      values.set("tunnels.0.peer", "any");
      values.set("tunnels.0.mode", "passive");
    });
    await upOk();
    expect((await verify()).code).toBe(0);
    expect(await spisOf("east")).toEqual(east);
    expect((await onGateway("cat /etc/iked.conf")).stdout).toMatch(/west\.conf[^]*east\.conf/);
    expect((await onGateway("pfctl -s rules")).stdout).toMatch(
      /from any to \(vio0\) port = 4500 keep state \(max 3000, source-track rule, max-src-states 32/,
    );
    expect(await drift()).toMatchObject({ findings: [] });
  });

  it("is followed to another one, which nothing declares", async () => {
    const east = await spisOf("east");
    const { stdout } = await labOk(
      "on",
      "west",
      "ip",
      "-o",
      "address",
      "show",
      "to",
      "198.51.100.11",
    );
    link = stdout.split(/\s+/)[1] ?? "";
    await address("add");
    const west = new RemoteSite("west");
    await west.misconfigure(/local_addrs = .*/, `local_addrs = ${ELSEWHERE}`);
    const status = await statusWithin(SEEN_WITHIN, "west", ["proven"]);
    expect(status.tunnels.find(({ name }) => name === "west")).toMatchObject({
      state: "proven",
      peer: "any",
      ikeSa: { peerAddress: ELSEWHERE, peerId: "FQDN/west.example.net" },
    });
    expect((await labOk("gateway", "flows", "west")).stdout).toContain(`peer ${ELSEWHERE}`);
    await west.repair();
    expect(stateOf(await statusWithin(SEEN_WITHIN, "west", ["proven"]), "west")).toBe("proven");
    expect(await spisOf("east")).toEqual(east);
  });

  it("is refused with another identity, which `why` names", async () => {
    const east = await spisOf("east");
    const west = new RemoteSite("west");
    await west.misconfigure(/west\.example\.net/g, "other.example.net");
    const status = await statusWithin(SEEN_WITHIN, "west", ["down", "negotiating"]);
    expect(["down", "negotiating"]).toContain(stateOf(status, "west"));
    const { cause } = await whyWithin(SEEN_WITHIN, "west", "ids");
    expect(cause).toMatchObject({ code: "ids", field: "remoteId" });
    expect(stateOf(await gatewayStatus(), "east")).toBe("proven");
    expect(await spisOf("east")).toEqual(east);
    await west.repair();
    expect(stateOf(await statusWithin(SEEN_WITHIN, "west", ["proven"]), "west")).toBe("proven");
  });
});
