import { isAead } from "../../config/algorithms";
import { nameOfWordCutShort } from "../../config/algorithms/daemonWords";
import type { Place } from "../../parse/bsdConf/token";
import type { IkeRule, Transforms } from "../../parse/ipsecConf";
import type { ImportedPhase1, ImportedPhase2 } from "./candidate";
import { anyOf, noteLeftOpen } from "./leftOpen";
import type { Notes } from "./note";

// What ipsecctl fills in (ipsecctl/ike.c, ike_section_p1 and ike_section_p2).
const MAIN = { auth: "hmac-sha1", enc: "aes", group: "modp3072", lifetime: 3600 };
const QUICK = { auth: "hmac-sha2-256", enc: "aes", group: "modp3072", lifetime: 1200 };

/** Seconds that isakmpd takes from the peer where the rule has no lifetime (isakmpd.conf(5)). */
const RANGE = { main: "LIFE_MAIN_MODE, 60 to 86400", quick: "LIFE_QUICK_MODE, 60 to 86400" };

const KINDS = { auth: "hash", enc: "encryption", group: "group" } as const;

type Named = keyof typeof KINDS;

type Filled = Readonly<typeof MAIN>;

function filled(
  exchange: "main" | "quick",
  transforms: Transforms,
  place: Place,
  notes: Notes,
): Filled {
  const defaults = exchange === "main" ? MAIN : QUICK;
  const found = { ...defaults, ...transforms };
  const aead = isAead(named("enc", found.enc));
  const missing = (Object.keys(KINDS) as Named[]).filter(
    (kind) => transforms[kind] === undefined && !(kind === "auth" && aead),
  );
  if (missing.length > 0) {
    const words = missing.map((kind) => `${kind} ${named(kind, defaults[kind])}`);
    notes.changed(
      place,
      `${exchange} names no ${anyOf(missing)}: ipsecctl filled in ${words.join(", ")}; declared: the same`,
      "nothing, if the tunnel was up: the peer had to have the same",
    );
  }
  if (found.enc === "aes") {
    noteLeftOpen("isakmpd", place, notes, {
      because: `aes in ${exchange}`,
      allowed: "keys of 128 to 256 bits, and proposed 128",
      declared: "aes-128",
    });
  }
  if (transforms.lifetime === undefined) {
    noteLeftOpen("isakmpd", place, notes, {
      because: `no lifetime in ${exchange}`,
      allowed: `what the peer proposed (${RANGE[exchange]} seconds), and proposed ${defaults.lifetime}`,
      declared: `exactly ${defaults.lifetime}`,
    });
  }
  return found;
}

function named(kind: Named, word: string): string {
  return nameOfWordCutShort("isakmpd", KINDS[kind], word);
}

/** Phase 1 of a rule, with a note for everything that the rule left to the daemon. */
export function phase1Of(rule: IkeRule & Place, notes: Notes): ImportedPhase1 {
  const { auth, enc, group, lifetime } = filled("main", rule.phase1, rule, notes);
  return {
    encryption: named("enc", enc),
    integrity: named("auth", auth),
    group: named("group", group),
    lifetime,
  };
}

/** Phase 2 of a rule, with a note for everything that the rule left to the daemon. */
export function phase2Of(rule: IkeRule & Place, notes: Notes): ImportedPhase2 {
  const { auth, enc, group, lifetime } = filled("quick", rule.phase2, rule, notes);
  const encryption = named("enc", enc);
  return {
    encryption,
    ...(!isAead(encryption) && { integrity: named("auth", auth) }),
    group: named("group", group),
    lifetime,
  };
}
