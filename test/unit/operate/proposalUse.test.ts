import type { GatewayStatus } from "../../../contract/documents/status";
import { json } from "../../../operate/json";
import { assess } from "../../../operate/status/assess";
import { tunnelDetails } from "../../../operate/status/details";
import { statusTable } from "../../../operate/status/table";
import { parseGwctlLive } from "../../../parse/gwctlLive";
import { document } from "../support/documents";
import { declared, deployed } from "./support/deployed";
import { liveText } from "./support/liveText";

const TODAY = Math.floor(Date.parse("2026-11-30T00:00:00Z") / 86_400_000);
const at = new Date("2026-11-30T12:00:00Z");
const west = declared("west", 1);
const OLD_IKE = "enc aes-256 auth hmac-sha2-256 group ecp256 prf hmac-sha2-256";
const NEW_IKE = OLD_IKE.replace("ecp256", "ecp384");
const MIDDLE_IKE = OLD_IKE.replace("ecp256", "ecp521");

const moved = {
  ...west,
  phase1: { ...west.phase1, group: "ecp384" },
  olderPhase1: [{ ...west.phase1, group: "ecp521" }, west.phase1],
};

/** Of a look at the tunnel; each line has the day as the number of days before today. */
function look(lines: readonly string[], { since = 20, looked = 0, tunnel = moved } = {}) {
  const day = (ago: number) => String(TODAY - ago);
  const proposals = [
    `west since ${day(since)} looked ${day(looked)}`,
    ...lines.map((line) =>
      line.replace(/^(\w+) (\d+)/, (_, phase: string, ago) => `west ${phase} ${day(Number(ago))}`),
    ),
  ];
  const live = parseGwctlLive(liveText({ tunnels: [{ tunnel }], proposals }));
  const status = assess({ ...deployed, tunnels: [tunnel] }, live, at);
  document("status", json<GatewayStatus>(status));
  const [judged] = status.tunnels;
  if (!judged) throw new Error("no tunnel");
  return {
    phase1: judged.proposals?.phase1,
    phase2: judged.proposals?.phase2,
    details: tunnelDetails(judged),
    table: statusTable(status, { columns: 120, colours: false }),
  };
}

describe("an older proposal", () => {
  it("is to be removed when it was not in use for a week in which a preferred one was", () => {
    const { phase1, details, table } = look([`ike 0 ${NEW_IKE}`, `ike 7 ${OLD_IKE}`]);
    expect(phase1).toEqual({
      of: 3,
      used: [
        { number: 1, last: "2026-11-30" },
        { number: 3, last: "2026-11-23" },
      ],
      unused: [2, 3],
    });
    expect(details).toContain("seen from 2026-11-10 to 2026-11-30 (UTC)");
    expect(details).toContain(
      "phase 1: proposal 2 not in use since 2026-11-10; proposal 3 last in use on 2026-11-23, and not since\n",
    );
    expect(table).toContain(
      "phase 1: remove proposal 3 of 3: last in use on 2026-11-23, and not since",
    );
  });

  it.each<[string, string[], { since?: number; looked?: number }, number[]]>([
    ["after less than a week", [`ike 0 ${NEW_IKE}`, `ike 6 ${OLD_IKE}`], {}, [2]],
    ["while it is in use", [`ike 1 ${NEW_IKE}`, `ike 0 ${OLD_IKE}`], {}, [2]],
    ["while nobody looked for a week", [`ike 0 ${NEW_IKE}`, `ike 9 ${OLD_IKE}`], { since: 6 }, []],
    ["while no preferred one was in use", [`ike 9 ${OLD_IKE}`], {}, []],
    ["for days on which the tunnel was not there", [`ike 14 ${NEW_IKE}`], {}, []],
    ["while an SA may have been of it", [`ike 0 ${NEW_IKE}`, "ike 3 unknown"], {}, []],
    ["when only one that is as old was in use", [`ike 0 ${OLD_IKE}`], {}, []],
    ["for the use of one that it is preferred to", [`ike 0 ${MIDDLE_IKE}`], {}, [3]],
  ])("is not: %s", (_, lines, days, unused) => {
    expect(look(lines, days).phase1?.unused).toEqual(unused);
  });

  it("is said to be in use, and what is not known is said", () => {
    const { details, table } = look([`ike 0 ${OLD_IKE}`, "ike 3 unknown"]);
    expect(details).toContain(
      "proposal 3 in use on 2026-11-30; by which one on 2026-11-27 is not known\n",
    );
    expect(table).not.toContain("remove");
  });

  it("has no unbroken record from before the days on which nobody looked", () => {
    const { details } = look([`ike 9 ${OLD_IKE}`], { since: 5 });
    expect(details).toContain("proposal 3 seen on 2026-11-21, and not since 2026-11-25\n");
  });
});

describe("of phase 2", () => {
  const gcm = { ...west.phase2, encryption: "aes-256-gcm", integrity: undefined };
  const aes128 = { ...west.phase2, encryption: "aes-128" };
  const tunnel = { ...moved, phase1: west.phase1, olderPhase1: undefined, phase2: gcm };

  it("the kernel's names tell the proposal, also where the group is not known", () => {
    const { phase1, phase2 } = look(
      ["esp 1 enc aes-256-gcm", "esp 9 auth hmac-sha2-512 enc aes group unknown"],
      { tunnel: { ...tunnel, olderPhase1: [], olderPhase2: [aes128] } },
    );
    expect(phase1).toBeUndefined();
    expect(phase2).toEqual({
      of: 2,
      used: [
        { number: 1, last: "2026-11-29" },
        { number: 2, last: "2026-11-21" },
      ],
      unused: [2],
    });
  });

  it("a first child SA, which has no group, tells nothing of proposals that differ in it", () => {
    const alike = { ...gcm, group: "modp4096" };
    const lines = [`esp 0 enc aes-256-gcm group ${gcm.group}`, "esp 1 enc aes-256-gcm"];
    const listed = { ...tunnel, olderPhase1: [], olderPhase2: [alike] };
    expect(look(lines, { tunnel: listed }).phase2?.unused).toEqual([2]);
    const untold = look([...lines, "esp 1 enc aes-256-gcm group unknown"], { tunnel: listed });
    expect(untold.phase2).toMatchObject({ untold: "2026-11-29", unused: [] });
  });
});

it("without a record, that is said of a tunnel with several proposals alone", () => {
  const text = (tunnel: typeof west) => {
    const live = parseGwctlLive(liveText({ tunnels: [{ tunnel }] }));
    const [judged] = assess({ ...deployed, tunnels: [tunnel] }, live, at).tunnels;
    return judged && tunnelDetails(judged);
  };
  expect(text({ ...moved, olderPhase1: [west.phase1] })).toContain("no record yet");
  expect(text(west)).not.toContain("record");
});
