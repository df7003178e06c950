import type { CauseCode } from "../../../contract/documents/why";
import { diagnose } from "../../../operate/why/diagnose";
import { withPeerLog } from "../../../operate/why/peerLog";
import type { PeerVerdict } from "../../../parse/peerLogs/form";
import { PEER_LOGS } from "../../../parse/peerLogs/read";
import { asked } from "./support/ikedMessages";
import { facts } from "./support/whyFacts";

/** What an unanswered first packet turns out to be. */
const MEANS: Readonly<Record<Exclude<PeerVerdict, "silent">, CauseCode>> = {
  up: "no-answer",
  "phase1-proposal": "phase1-proposal",
  "phase1-group": "phase1-group",
  "ike-version": "ike-version",
  psk: "psk",
  ids: "ids",
  certificates: "authentication",
  "phase2-proposal": "phase2-proposal",
  pfs: "phase2-proposal",
  selectors: "selectors",
  deletes: "peer-deletes",
  "stale-sa": "stale-sa",
};

const SAMPLES = PEER_LOGS.flatMap(({ vendor, forms }) =>
  forms.map(({ verdict, sample }) => [vendor, verdict, sample] as const),
);

it.each(SAMPLES)("%s says %s, and so does why: %s", (_, verdict, sample) => {
  const known = facts({}, asked());
  const { cause } = withPeerLog(diagnose(known), known, sample);
  const neither = verdict === "silent";
  expect(cause.code).toBe(neither ? "no-answer" : MEANS[verdict]);
  expect(cause.what.startsWith("neither side gets the other's answers")).toBe(neither);
});
