import { DISCOURAGED } from "../../../config/discouraged";
import { profiles } from "../../../config/profiles";
import type { Daemon } from "../../../config/schema";
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
  const rows = Object.entries(DISCOURAGED).flatMap(([algorithm, voices]) =>
    voices.map(({ since, by, says }) => [algorithm, since, by, says]),
  );
  const wanted = table(["algorithm", "since", "by", "says"], rows);
  expect(section("crypto.md", "discouraged", wanted)).toBe(wanted);
});
