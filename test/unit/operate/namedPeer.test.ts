import type { GatewayStatus } from "../../../contract/documents/status";
import type { DeclaredTunnel } from "../../../contract/tunnel";
import { json } from "../../../operate/json";
import { peersIn, questionOf } from "../../../operate/monitor/flows";
import { assess } from "../../../operate/status/assess";
import { tunnelDetails } from "../../../operate/status/details";
import { statusTable } from "../../../operate/status/table";
import { diagnose } from "../../../operate/why/diagnose";
import { factsOf, question } from "../../../operate/why/question";
import { parseGwctlLive } from "../../../parse/gwctlLive";
import { document } from "../support/documents";
import { declared, deployed } from "./support/deployed";
import { type LiveTunnel, liveText } from "./support/liveText";

const HOST = "vpn.example.net";
const at = new Date("2026-11-23T23:36:37Z");
const shop: DeclaredTunnel = declared("shop", 1, { peer: HOST });
const depot = declared("depot", 2);
const outputs = { ...deployed, tunnels: [shop, depot] };
const NOTHING = { ike: undefined, child: [], probe: "3 0 -" };

function live(names: string[], ...tunnels: LiveTunnel[]): string {
  return liveText({ names, tunnels: [...tunnels, { tunnel: depot }] });
}

function status(names: string[], ...tunnels: LiveTunnel[]): GatewayStatus {
  const judged = assess(outputs, parseGwctlLive(live(names, ...tunnels)), at);
  document("status", json<GatewayStatus>(judged));
  return judged;
}

const of = ({ tunnels }: GatewayStatus, name: string) =>
  tunnels.find((tunnel) => tunnel.name === name);

describe.each([
  ["IPv4", "203.0.113.77", "203.0.113.78"],
  ["IPv6", "2001:db8:5::77", "2001:db8:5::78"],
])("a tunnel whose peer is given by name: %s", (_, AT, ELSEWHERE) => {
  const here: LiveTunnel = { tunnel: { ...shop, peer: AT } };

  it("is judged by the address that the gateway has, and shown with both", () => {
    const judged = status([`shop ${HOST} ${AT}`], here);
    expect(judged.tunnels.map(({ name, state }) => [name, state])).toEqual([
      ["depot", "proven"],
      ["shop", "proven"],
    ]);
    const one = of(judged, "shop");
    expect(one).toMatchObject({ peer: HOST, peerAddress: AT, differs: [] });
    expect(statusTable(judged, { columns: 120, colours: false })).toMatch(
      new RegExp(`proven +shop +${AT}`),
    );
    expect(one && tunnelDetails(one)).toContain(`peer       ${HOST}, now ${AT}`);
  });

  it("says that its name has no answer, and goes on", () => {
    const reason = `no name server has an address of ${HOST}: ${AT} stays`;
    const judged = status([`shop ${HOST} ${AT} ${reason}`], here);
    expect(of(judged, "shop")).toMatchObject({ state: "proven", differs: [reason] });
  });

  it("SAs with another address than the gateway's are not its own", () => {
    const judged = status([`shop ${HOST} ${ELSEWHERE}`], here);
    expect(of(judged, "shop")?.state).not.toBe("proven");
  });

  it("with another name than declared it is judged by its identity", () => {
    expect(of(status([`shop old.example.net ${ELSEWHERE}`], here), "shop")).toMatchObject({
      state: "proven",
      peerAddress: undefined,
    });
  });

  it("is down without an address, which `why` explains", () => {
    const reason = `no name server has an address of ${HOST}`;
    const rests: LiveTunnel = { tunnel: shop, record: "unresolved", ...NOTHING };
    expect(of(status([`shop ${HOST} - ${reason}`], rests), "shop")).toMatchObject({
      state: "down",
      differs: [reason],
    });
    const facts = factsOf(outputs, shop, live([`shop ${HOST} - ${reason}`], rests));
    expect(diagnose(facts).cause).toMatchObject({
      code: "unresolved",
      field: "peer",
      evidence: [{ text: reason }],
    });
  });

  it("`why` goes by the address too", () => {
    const facts = factsOf(outputs, shop, live([`shop ${HOST} ${AT}`], here));
    expect(facts).toMatchObject({ tunnel: { peer: AT }, anyPeers: [] });
    expect(question("vio0", shop)).toContain(
      `sed -n 's/^# gwctl peer //p')\ncase $peer in *:*) ping=ping6 ;; *) ping=ping ;; esac\n`,
    );
    expect(question("vio0", shop)).toContain(`src host '"$peer"'' >`);
  });

  it("what was met at the address of before is history", () => {
    const facts = factsOf(
      outputs,
      shop,
      `${live([`shop ${HOST} ${AT}`], { ...here, ...NOTHING })}--- daemon
Nov 23 23:35:00 gw iked[7]: spi=0x0000000000000001: ikev2_send_auth_failed: authentication failed for FQDN/x
Nov 23 23:36:00 gw gwctl: tunnel: shop: moved
`,
    );
    expect(diagnose(facts).cause).toMatchObject({
      code: "own-action",
      what: expect.stringContaining("the name of its peer got another address") as string,
    });
  });

  it("`flows` asks the gateway for it", () => {
    expect(questionOf(shop)).toContain("/etc/ipsec/shop.conf");
    expect(peersIn(`flow x\n# gwctl peer ${AT}\n`, shop)).toEqual([AT]);
  });
});
