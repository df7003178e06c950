import { DISCOURAGED, type Kind, type Phase, wordFor } from "../../../config/algorithms";
import { deviceWords } from "../../../config/algorithms/deviceWords";
import type { Algorithm } from "../../../config/algorithms/row";
import { TABLES } from "../../../config/algorithms/table";
import { profiles } from "../../../config/profiles";
import type { Daemon } from "../../../config/schema";
import { type DeviceVendor, VENDORS } from "../../../config/vendors/names";
import { tunnelFile } from "../../../render/tunnelFile";
import { configOf } from "../support/stack";
import { section, table } from "./support";

const PSK = "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja";
const EXCEPTION = { reason: "docs", expires: "2099-12-31" };

/** What the daemon's file says of one phase, cut out of the rendered text. */
function emitted(daemon: Daemon, profile: string): [string, string] {
  const weak = profile === "legacy-v1" ? { "tunnels.0.exception": EXCEPTION } : {};
  const config = configOf({ "ike.daemon": daemon, "tunnels.0.profile": profile, ...weak });
  const text = tunnelFile(config, config.tunnels[0] ?? fail(), PSK);
  const words = daemon === "iked" ? ["ikesa", "childsa"] : ["main", "quick"];
  const [first = "", second = ""] = words.map(
    (word) => new RegExp(`\\b${word} [^\\\\\\n]*`).exec(text)?.[0].trim() ?? "",
  );
  return [first, second];
}

function fail(): never {
  throw new Error("no tunnel");
}

it("docs/crypto.md says what each profile emits", () => {
  const rows = (["iked", "isakmpd"] as const).flatMap((daemon) =>
    Object.keys(profiles[daemon]).map((profile) => [
      profile,
      daemon,
      ...emitted(daemon, profile).map((words) => `\`${words}\``),
    ]),
  );
  const wanted = table(["profile", "daemon", "IKE", "ESP"], rows);
  expect(section("crypto.md", "profiles", wanted)).toBe(wanted);
});

it("docs/crypto.md says since when and by whom each algorithm is discouraged", () => {
  const rows = [...DISCOURAGED].flatMap(([algorithm, voices]) =>
    voices.map(({ since, by, says }) => [algorithm, since, by, says]),
  );
  const wanted = table(["algorithm", "since", "by", "says"], rows);
  expect(section("crypto.md", "discouraged", wanted)).toBe(wanted);
});

const PHASES: readonly Phase[] = ["ike", "esp"];
const ROLES = {
  encryption: { ike: "ikeEncryption", esp: "espEncryption" },
  hash: { ike: "ikeIntegrity", esp: "espIntegrity" },
  group: { ike: "ikeGroup", esp: "espGroup" },
} as const;
const NOT = "–";

function listed(parts: readonly string[]): string {
  return parts.join(", ") || NOT;
}

/** What the daemon uses the algorithm for, and the word for it where that is not the declared name. */
function inDaemon(daemon: Daemon, kind: Kind, name: string, row: Algorithm): string {
  const known = PHASES.filter((phase) => row[daemon]?.for.includes(phase));
  const words = known.map((phase) => wordFor(daemon, ROLES[kind][phase], name));
  const other = words.find((word) => word !== name);
  const uses = listed(known.map((phase) => phase.toUpperCase()));
  return other === undefined ? uses : `${uses}: \`${other}\``;
}

/** What the device has the algorithm for, with the version of IKE where it is one only. */
function inDevice(vendor: DeviceVendor, kind: Kind, name: string): string {
  const words = deviceWords(vendor);
  return listed(
    PHASES.flatMap((phase) => {
      const versions = ([1, 2] as const).filter((one) =>
        Object.hasOwn(words[one][ROLES[kind][phase]], name),
      );
      const only = versions.length === 1 ? ` (v${versions.join()})` : "";
      return versions.length === 0 ? [] : [`${phase.toUpperCase()}${only}`];
    }),
  );
}

function declarable(): [Kind, string, Algorithm][] {
  return (["encryption", "hash", "group"] as const).flatMap((kind) =>
    [...TABLES[kind]].flatMap(([name, row]): [Kind, string, Algorithm][] =>
      "refused" in row || [row.iked, row.isakmpd].every((known) => !known?.for.length)
        ? []
        : [[kind, name, row]],
    ),
  );
}

it("docs/crypto.md says what each daemon can do", () => {
  const rows = declarable().map(([kind, name, row]) => [
    name,
    ...(["iked", "isakmpd"] as const).map((daemon) => inDaemon(daemon, kind, name, row)),
    row.iana === null ? NOT : [row.iana].flat().join(", "),
  ]);
  const wanted = table(["algorithm", "iked", "isakmpd", "IANA"], rows);
  expect(section("crypto.md", "algorithms", wanted)).toBe(wanted);
});

it("docs/peers.md says what each device can do", () => {
  const rows = declarable().map(([kind, name]) => [
    name,
    ...VENDORS.map((vendor) => inDevice(vendor, kind, name)),
  ]);
  const wanted = table(["algorithm", ...VENDORS], rows);
  expect(section("peers.md", "algorithms", wanted)).toBe(wanted);
});
