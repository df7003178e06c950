import { Capture } from "../../lab/verify/capture";
import { outputOn } from "../../lab/verify/namespaces";
import { outsideOf } from "../../lab/verify/outside";
import { type Packet, readPcap } from "../../lab/verify/pcap";
import { inLab, onGateway, verify } from "./support/lab";
import { gatewayStatus, why } from "./support/operator";
import { ownStack, upOk } from "./support/ownStack";
import { branchOf, contradiction, declare, type Row, type Scenario } from "./support/scenario";
import { BACK, between, FIRST, leftThrough, NOT_BACK, NOT_OUT, OUT } from "./support/scenarioRows";
import { editStack } from "./support/stackFile";

/** Two addresses of the internet: the one an exception, the other like any. */
const [EXCEPTED, ANY] = ["198.51.100.126", "198.51.100.125"];
const LAN = "10.10.0.0/24";
const ICMP = 1;

const counted = (target: string): string => leftThrough("PEER").replace("HOST", target);
const pinged = (target: string, seen: "YES" | "NO"): Row => [
  "office",
  between(FIRST, target),
  seen === "YES" ? / 2 received/ : / [12] received/,
  seen,
];
const flow = (to: string, seen: "YES" | "NO"): Row => [
  "gateway",
  "ipsecctl -s flow",
  new RegExp(`flow esp out from ${LAN} to ${to} type bypass`),
  seen,
];
const done = (command: string): Row => ["gateway", `${command} && echo is done`, /is done/, "YES"];

const UP: readonly Row[] = [
  OUT,
  BACK,
  pinged(ANY, "YES"),
  pinged(EXCEPTED, "YES"),
  flow(LAN, "YES"),
  flow(EXCEPTED, "YES"),
];

/** As `ipsecctl -df` takes them away, and with them the way of this very SSH connection. */
const AWAY = `umask 077; ipsecctl -s flow | sed -n 's/^flow esp out \\(.*type bypass\\)$/flow esp \\1/p' >/tmp/away;
  ipsecctl -df /tmp/away; rm /tmp/away; sleep 1; echo is away`;

const EVERYTHING: Scenario = {
  name: "everything",
  tunnel: { remote: ["0.0.0.0/0"], except: [`${EXCEPTED}/32`] },
  state: "proven",
  rows: [
    ...UP,
    ["gateway", counted(ANY), /\b3 packets received[^]*\b3 left/, "YES"],
    ["gateway", counted(EXCEPTED), /\b3 packets received[^]*\b0 left/, "YES"],
    done("gwctl tunnel down everything"),
    NOT_OUT,
    NOT_BACK,
    pinged(ANY, "NO"),
    pinged(EXCEPTED, "YES"),
    flow(LAN, "NO"),
    done("gwctl tunnel up everything"),
    ...UP,
    ["gateway", AWAY, /is away/, "YES"],
    ...UP,
    [
      "gateway",
      "rcctl restart $(rcctl ls on | grep -E '^(iked|isakmpd)$'); ipsecctl -f /etc/ipsec.conf; echo is done",
      /is done/,
      "YES",
    ],
    ...UP,
  ],
};

/** Nearer than every address, through another tunnel. */
const NEAR: Scenario = {
  name: "near",
  tunnel: {},
  state: "proven",
  rows: [OUT, BACK, ["gateway", leftThrough("PEER"), /\b3 left/, "YES"]],
};

ownStack();

describe.each([{ daemon: "iked" }, { daemon: "isakmpd" }])(
  "with $daemon, a tunnel for every address",
  ({ daemon }) => {
    const table = [EVERYTHING, NEAR];
    let capture: Capture;

    const wrong = async (rows: readonly Row[], index = 0): Promise<string[]> => {
      const printed: string[] = [];
      for (const row of rows) printed.push((await contradiction(row, branchOf(index))) ?? "");
      return printed.filter((text) => text !== "");
    };
    const routes = (verb: string) =>
      Promise.all(
        [EXCEPTED, ANY].map((to) =>
          outputOn("lan", ["ip", "route", verb, `${to}/32`, "via", "10.10.0.2"]),
        ),
      );

    beforeAll(async () => {
      capture = await Capture.start();
      await routes("replace");
      editStack((values) => {
        values.set("ike.daemon", daemon);
        declare(values, table);
      });
      await upOk();
    });

    afterAll(async () => {
      capture.discard();
      await routes("delete");
    });

    it("carries all but its exceptions, and SSH goes on whatever becomes of them", async () => {
      expect(await wrong(EVERYTHING.rows)).toEqual([]);
      expect(await wrong(NEAR.rows, 1)).toEqual([]);
      const { tunnels } = await gatewayStatus();
      expect(tunnels.map(({ name, state, differs }) => ({ name, state, differs }))).toEqual([
        { name: "everything", state: "proven", differs: [] },
        { name: "near", state: "proven", differs: [] },
      ]);
      expect((await why("everything")).cause.code).toBe("none");
    });

    it("has its exceptions again after a reboot", async () => {
      expect((await inLab("virsh -q destroy gw-test && virsh -q start gw-test")).code).toBe(0);
      expect((await verify()).code).toBe(0);
      expect(await wrong(UP)).toEqual([]);
    });

    it("lets no packet out in clear but those of its exceptions", async () => {
      const pcap = await capture.stop();
      expect(outsideOf(pcap, []).cleartext).toEqual([]);
      const pings = readPcap(pcap).filter(
        (packet): packet is Packet => "source" in packet && packet.protocol === ICMP,
      );
      const ends = pings.flatMap(({ source, destination }) => [source, destination]);
      expect(ends).toContain(EXCEPTED);
      expect(ends).not.toContain(ANY);
      expect((await onGateway("gwctl tunnel down everything")).code).toBe(0);
      expect(await wrong([flow(EXCEPTED, "NO")])).toEqual([]);
      expect((await onGateway("gwctl tunnel up everything")).code).toBe(0);
    });
  },
);
