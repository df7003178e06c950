import type { Phase1, Phase2 } from "../../config/schema";
import type { PhaseUse } from "../../contract/documents/status";
import { espProposal, ikeProposal } from "../../lab/peers/proposals";
import { askUntil } from "../../operate/askUntil";
import { onGateway, verify } from "./support/lab";
import { gatewayStatus, stateOf, statusWithin, whyWithin } from "./support/operator";
import { ownStack, upOk } from "./support/ownStack";
import { RemoteSite } from "./support/site";
import { editStack } from "./support/stackFile";

ownStack();

/** Seconds: iked starts a tunnel that has no SA once a minute (IKED_INITIATOR_INTERVAL of iked.h). */
const UP_WITHIN = 90;
/** The watchdog's passes are ten seconds apart. */
const LOOKED_WITHIN = 60;

interface Phases {
  readonly phase1: Phase1;
  readonly phase2: Phase2;
}

/** ESP has HMAC-SHA2-512 in all of them, the only one that iked has on the stand-in's kernel. */
function phases(hash: string, cipher: string, group: string): Phases {
  return {
    phase1: { encryption: "aes-256", integrity: hash, prf: hash, group, lifetime: 28800 },
    phase2: { encryption: cipher, integrity: "hmac-sha2-512", group, lifetime: 3600 },
  };
}

const NEW = phases("hmac-sha2-512", "aes-256", "ecp384");
const OLD = phases("hmac-sha2-256", "aes-128", "ecp256");
const NEITHER: Phases = { ...OLD, phase1: { ...OLD.phase1, encryption: "aes-128" } };

/** What of the site's file its administrator changes, and nobody else. */
const offersOnly = (west: RemoteSite, { phase1, phase2 }: Phases): Promise<void> =>
  west.misconfigure(
    /(\bproposals = ).*([\s\S]*\besp_proposals = ).*/,
    `$1${ikeProposal(phase1, 2)}$2${espProposal(phase2, 2)}`,
  );

const tunnelFile = async (): Promise<string> =>
  (await onGateway("cksum /etc/iked/west.conf")).stdout;

async function provenBy(number: number): Promise<void> {
  const status = await statusWithin(UP_WITHIN, "west", ["proven"]);
  expect(stateOf(status, "west")).toBe("proven");
  const chosen = { number, of: 2 };
  expect(status.tunnels.find(({ name }) => name === "west")?.chosen).toEqual({
    phase1: chosen,
    phase2: chosen,
  });
  expect((await verify()).code).toBe(0);
}

/** Of both phases the gateway keeps that it has seen SAs by that proposal today, once the watchdog has looked. */
async function keptAsUsed(number: number): Promise<void> {
  const today = (await onGateway("date -u +%F")).stdout.trim();
  const record = async () =>
    (await gatewayStatus()).tunnels.find(({ name }) => name === "west")?.proposals;
  const has = (use: PhaseUse | undefined) =>
    use?.used.some((one) => one.number === number) === true;
  const found = await askUntil(record, (one) => has(one?.phase1) && has(one?.phase2), {
    ...{ milliseconds: LOOKED_WITHIN * 1000, every: 1000 },
  });
  const use = { of: 2, used: arrayWith({ number, last: today }), unused: [] };
  expect(found).toEqual({ since: today, looked: today, phase1: use, phase2: use });
}

const arrayWith = (item: unknown) => expect.arrayContaining([item]) as unknown[];

it("a peer moves from the old to the new proposal without a change here, and may not take a third", async () => {
  editStack((values) => {
    values.set("tunnels.0.phase1", [NEW.phase1, OLD.phase1]);
    values.set("tunnels.0.phase2", [NEW.phase2, OLD.phase2]);
  });
  await upOk();
  const file = await tunnelFile();
  const west = new RemoteSite("west");
  await offersOnly(west, OLD);
  await provenBy(2);
  await keptAsUsed(2);
  await west.repair();
  await provenBy(1);
  await keptAsUsed(1);
  await keptAsUsed(2);
  await offersOnly(west, NEITHER);
  const { cause } = await whyWithin(UP_WITHIN, "west", "phase1-proposal");
  expect(cause).toMatchObject({
    code: "phase1-proposal",
    what: expect.stringMatching(
      /phase1\.encryption: we want aes-256, the peer offers aes-128/,
    ) as string,
  });
  expect(await tunnelFile()).toBe(file);
  await west.repair();
});
