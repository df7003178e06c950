import { nextRelease, parseFacts } from "../../../../operate/upgrade/facts";
import { copyName, wayBack } from "../../../../operate/upgrade/copy";
import { preflight, type Seen } from "../../../../operate/upgrade/preflight";
import { assess, unknownStatus } from "../../../../operate/status/assess";
import type { GatewayStatus } from "../../../../contract/documents/status";
import { parseGwctlLive } from "../../../../parse/gwctlLive";
import { deployed } from "../support/deployed";
import { liveText, type LiveTunnel } from "../support/liveText";

const TOLD = `release 7.9
version OpenBSD 7.9 (GENERIC) #1: Mon May 18 18:10:00 MDT 2026
home-free-kib 4158000
usr-used-percent 40
relinking no
unfinished no
installurl https://cdn.openbsd.org/pub/OpenBSD
`;

const at = new Date("2026-11-27T12:00:00Z");
const found = { name: "way back", ok: true, detail: "gw-test-before-7.9" };

function statusOf(...more: Partial<LiveTunnel>[]): GatewayStatus {
  const tunnels = deployed.tunnels.map((tunnel, n) => ({ tunnel, ...more[n] }));
  return assess(deployed, parseGwctlLive(liveText({ tunnels })), at);
}

function refused(change: Partial<Seen> = {}, edit: [string, string] = ["", ""]): string[] {
  const seen: Seen = {
    to: "8.0",
    facts: parseFacts(TOLD.replace(...edit)),
    errata: ["installed 001_iked"],
    status: statusOf(),
    copy: found,
    ...change,
  };
  return preflight(seen)
    .filter(({ ok }) => !ok)
    .map(({ name, detail }) => `${name}: ${detail}`);
}

it("counts releases by tenths", () => {
  expect(["7.8", "7.9", "8.0", "9.9"].map(nextRelease)).toEqual(["7.9", "8.0", "8.1", "10.0"]);
});

it("lets a gateway begin that lacks nothing", () => {
  expect(refused()).toEqual([]);
});

it.each<[string, Partial<Seen>, [string, string] | undefined, RegExp]>([
  [
    "a step over a release",
    { to: "8.1" },
    undefined,
    /^release: 7\.9 is followed by 8\.0, not 8\.1/,
  ],
  ["a step back", { to: "7.8" }, undefined, /^release: 7\.9 is followed by 8\.0/],
  [
    "a missing erratum",
    { errata: ["missing 002_pf"] },
    undefined,
    /^errata: missing 002_pf: bring/,
  ],
  ["a kernel that waits", { errata: ["reboot needed"] }, undefined, /^errata: reboot needed/],
  ["a mirror that does not tell", { errata: ["unknown no"] }, undefined, /^errata: unknown no/],
  ["a full /home", {}, ["4158000", "900000"], /^room: \/home has 0\.9 GiB free/],
  ["a full /usr", {}, ["percent 40", "percent 90"], /^room: \/usr is 90 % full/],
  [
    "a tunnel that is not proven",
    { status: statusOf({}, { probe: "3 0 -" }) },
    undefined,
    /^tunnels: east is established/,
  ],
  [
    "a gateway that does not tell",
    { status: unknownStatus(deployed, at, "no") },
    undefined,
    /^tunnels: west is unknown/,
  ],
  ["no room for a copy", { copy: { ...found, ok: false } }, undefined, /^way back: /],
])("refuses %s, and that alone", (_, change, edit, words) => {
  const wrong = refused(change, edit);
  expect(wrong).toHaveLength(1);
  expect(wrong[0]).toMatch(words);
});

it("does not go on with half of the facts", () => {
  expect(() => parseFacts(TOLD.replace(/usr-used.*\n/, ""))).toThrow("no usr-used-percent");
  expect(() => parseFacts("")).toThrow("no release");
});

it("goes back into the volume that the stack knows", () => {
  const disk = { uri: "qemu+ssh://hv/system?a=1&b=2", pool: "vg0", volume: "gw-test" };
  const copy = copyName(disk, "7.9");
  expect(wayBack(disk, "gw-test", copy).split(" && ")).toEqual([
    "virsh -c 'qemu+ssh://hv/system?a=1&b=2' destroy gw-test",
    "virsh -c 'qemu+ssh://hv/system?a=1&b=2' vol-download --pool vg0 gw-test-before-7.9 gw-test-before-7.9.img",
    "virsh -c 'qemu+ssh://hv/system?a=1&b=2' vol-upload --pool vg0 gw-test gw-test-before-7.9.img",
    "virsh -c 'qemu+ssh://hv/system?a=1&b=2' start gw-test",
  ]);
});
