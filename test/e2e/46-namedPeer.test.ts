import type { TunnelStatus } from "../../contract/documents/status";
import { askUntil } from "../../operate/askUntil";
import { Capture } from "../../lab/verify/capture";
import { outsideOf } from "../../lab/verify/outside";
import { drift } from "./support/firewall";
import { labOk, onGateway, spisOf, verify } from "./support/lab";
import { NameServer } from "./support/nameServer";
import { gatewayStatus, whyWithin } from "./support/operator";
import { ownStack, upOk } from "./support/ownStack";
import { RemoteSite } from "./support/site";
import { editStack } from "./support/stackFile";

const NAME = "vpn.example.net";
const HOME = "198.51.100.11";
/** Of the same network as the site's own, and in no declaration. */
const ELSEWHERE = "198.51.100.77";
/** The lab has no IPv6: whoever took this one would reach nobody. */
const OF_IPV6 = "2001:db8:51::11";
const SEEN_WITHIN = 120;

const names = new NameServer();
let link = "";
const address = (verb: "add" | "delete") =>
  labOk("on", "west", "ip", "address", verb, `${ELSEWHERE}/24`, "dev", link);

ownStack(async () => {
  names.dispose();
  if (link !== "") await address("delete");
});

const west = async (): Promise<Partial<TunnelStatus>> =>
  (await gatewayStatus()).tunnels.find(({ name }) => name === "west") ?? {};

const westWithin = (wanted: (tunnel: Partial<TunnelStatus>) => boolean) =>
  askUntil(west, wanted, { milliseconds: SEEN_WITHIN * 1000, every: 500 });

const provenAt = (address: string) =>
  westWithin(({ state, peerAddress }) => state === "proven" && peerAddress === address);

describe.each(["iked", "isakmpd"])("with %s, a peer that is given by name", (daemon) => {
  let site: RemoteSite;

  beforeAll(async () => {
    names.answer({ [NAME]: [OF_IPV6, HOME] });
    if (link === "") {
      const command = ["ip", "-o", "address", "show", "to", HOME];
      const { stdout } = await labOk("on", "west", ...command);
      link = stdout.split(/\s+/)[1] ?? "";
      await address("add");
    }
  });

  it("is where its name leads in IPv4, and everybody is let in", async () => {
    editStack((values) => {
      values.set("ike.daemon", daemon);
      values.set("network.dns", [NameServer.address]);
      values.set("tunnels.0.peer", NAME);
    });
    await upOk();
    expect((await verify()).code).toBe(0);
    expect(await west()).toMatchObject({ state: "proven", peer: NAME, peerAddress: HOME });
    expect((await onGateway("pfctl -s rules")).stdout).toMatch(/from any to \(vio0\) port = 4500/);
    expect(await drift()).toMatchObject({ findings: [] });
  });

  it("moves with its name, the other tunnel keeps its SPIs, and nothing goes out in clear", async () => {
    const east = await spisOf("east");
    const capture = await Capture.start();
    site = new RemoteSite("west");
    await site.misconfigure(/local_addrs = .*/, `local_addrs = ${ELSEWHERE}`);
    names.answer({ [NAME]: [OF_IPV6, ELSEWHERE] });
    expect(await provenAt(ELSEWHERE)).toMatchObject({
      state: "proven",
      peer: NAME,
      peerAddress: ELSEWHERE,
    });
    expect((await labOk("gateway", "flows", "west")).stdout).toContain(ELSEWHERE);
    expect((await onGateway("grep moved /var/log/daemon")).stdout).toContain(
      `west: ${NAME} moved from ${HOME} to ${ELSEWHERE}`,
    );
    expect(outsideOf(await capture.stop(), []).cleartext).toEqual([]);
    expect(await spisOf("east")).toEqual(east);
    expect(await drift()).toMatchObject({ findings: [] });
  });

  it("stays where it is while no name server answers", async () => {
    const [west0, east] = [await spisOf("west"), await spisOf("east")];
    names.stop();
    const unanswered = `no name server has an address of ${NAME}: ${ELSEWHERE} stays`;
    const shown = await westWithin(({ differs = [] }) => differs.includes(unanswered));
    expect(shown).toMatchObject({ state: "proven", differs: [unanswered] });
    expect([await spisOf("west"), await spisOf("east")]).toEqual([west0, east]);
    names.answer({ [NAME]: HOME });
    await site.repair();
    expect(await provenAt(HOME)).toMatchObject({ state: "proven", peerAddress: HOME, differs: [] });
    expect(await spisOf("east")).toEqual(east);
  });

  it("stays where it is while its name leads to IPv6 only", async () => {
    const spis = await spisOf("west");
    names.answer({ [NAME]: OF_IPV6 });
    const other = `${NAME} has IPv6 addresses only, and this gateway's is IPv4: ${HOME} stays`;
    const shown = await westWithin(({ differs = [] }) => differs.includes(other));
    expect(shown).toMatchObject({ state: "proven", peerAddress: HOME, differs: [other] });
    expect(await spisOf("west")).toEqual(spis);
  });

  it("without an answer from the first on it rests, `why` says so, and it comes up by itself", async () => {
    const east = await spisOf("east");
    const other = "other.example.net";
    editStack((values) => {
      values.set("tunnels.0.peer", other);
    });
    await upOk();
    expect((await whyWithin(SEEN_WITHIN, "west", "unresolved")).cause.field).toBe("peer");
    expect(await spisOf("east")).toEqual(east);
    names.answer({ [other]: HOME });
    expect(await provenAt(HOME)).toMatchObject({ state: "proven", peer: other });
    expect(await spisOf("east")).toEqual(east);
  });
});
