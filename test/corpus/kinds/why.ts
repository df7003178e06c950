import { z } from "zod";
import { diagnose } from "../../../operate/why/diagnose";
import { withPeerLog } from "../../../operate/why/peerLog";
import { whyReport } from "../../../operate/why/report";
import { parseLogLine } from "../../../parse/daemonLog";
import { down, facts, west } from "../../unit/operate/support/whyFacts";
import { caseOf, expectSaid, type Folder, inputOf, said } from "./case";

const shape = {
  given: z
    .strictObject({
      /** Laid over the tunnel `west` of test/unit/operate/support/deployed.ts. */
      tunnel: z.record(z.string(), z.unknown()).default({}),
      /** Laid over the status: down, without a selector. */
      status: z.record(z.string(), z.unknown()).default({}),
      /** Laid over the other facts, such as icmp, peerPings, moved. */
      facts: z.record(z.string(), z.unknown()).default({}),
    })
    .prefault({}),
  expect: z.strictObject({
    code: z.string(),
    phase: z.string(),
    field: z.string().optional(),
    ...said,
  }),
};

/** The daemon's log in `daemon.log`, the other side's in `peer.log`: what `gateway why west` says of them. */
export function why(folder: Folder): void {
  const { given, expect: expected } = caseOf(folder, shape);
  const tunnel = { ...west, ...given.tunnel };
  const daemon = tunnel.ikeVersion === 1 ? "isakmpd" : "iked";
  const rows = inputOf(folder, "daemon.log").split("\n");
  const known = facts({
    tunnel,
    status: { ...down, daemon, ...given.status },
    ...given.facts,
    log: rows.flatMap((row) => parseLogLine(row) ?? []),
  });
  const ours = diagnose(known);
  const diagnosis = folder.inputs.includes("peer.log")
    ? withPeerLog(ours, known, inputOf(folder, "peer.log"))
    : ours;
  const { says, never, ...cause } = expected;
  expect(diagnosis.cause).toMatchObject(cause);
  expectSaid(whyReport(diagnosis, Infinity, false), { says, never });
}
