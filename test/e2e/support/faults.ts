import type { GatewayStatus } from "../../../contract/documents/status";
import { lab, labOk, onGateway } from "./lab";
import { stateOf, statusWithin, why, whyWithin } from "./operator";
import type { RemoteSite } from "./site";

const SEEN_WITHIN = 30;
/** isakmpd begins nothing before an attempt without an answer has ended, after two minutes, and looks once a minute. */
const BACK_WITHIN = 240;

/** Something that breaks tunnel west, and how `status` and `why` are to call it. */
export interface Fault {
  readonly name: string;
  readonly inflict: (west: RemoteSite) => Promise<unknown>;
  readonly repair: (west: RemoteSite) => Promise<unknown>;
  readonly states: readonly string[];
  readonly code: string;
  /** What has to stand in the sentence. */
  readonly what: RegExp;
  /**
   * Seconds until the daemon has seen enough of it; else why has to be right as soon as status shows it.
   */
  readonly explainedWithin?: number;
  /** What is tried while it lasts, before anybody asks why. */
  readonly meanwhile?: () => Promise<void>;
}

const misconfigured = (form: RegExp, replacement: string) => ({
  inflict: (west: RemoteSite) => west.misconfigure(form, replacement),
  repair: (west: RemoteSite) => west.repair(),
  states: ["negotiating", "down"],
});

export const WRONG_KEY: Fault = {
  name: "a wrong key at the peer",
  ...misconfigured(/secret = .*/, "secret = 0sAAAABBBBCCCC"),
  code: "psk",
  what: /preshared keys of the two ends differ/,
};

export const OTHER_PHASE_1: Fault = {
  name: "another phase 1 at the peer",
  ...misconfigured(/(\bproposals = )aes256-/, "$1aes128-"),
  code: "phase1-proposal",
  what: /phase1\.encryption: we want aes-256, the peer offers aes-128/,
};

/** A length of the key is what isakmpd turns down without naming it. */
export const OTHER_PHASE_1_V1: Fault = {
  ...OTHER_PHASE_1,
  what: /phase1\.encryption: the peer offers another key length than aes-256/,
};

export const OTHER_PHASE_2: Fault = {
  name: "another phase 2 at the peer",
  ...misconfigured(/esp_proposals = aes256-/, "esp_proposals = aes128-"),
  code: "phase2-proposal",
  what: /phase2\.encryption: we want aes-256, the peer offers aes-128/,
};

export const OTHER_PHASE_2_V1: Fault = { ...OTHER_PHASE_2, what: /no agreement on phase 2/ };

export const OTHER_NETWORKS: Fault = {
  name: "networks that do not mirror ours",
  ...misconfigured(/local_ts = .*/, "local_ts = 10.20.7.0/24"),
  code: "selectors",
  what: /10\.20\.1\.0\/24/,
};

export const OTHER_IDENTITY: Fault = {
  name: "another identity of the peer",
  ...misconfigured(/west\.example\.net/g, "other.example.net"),
  code: "ids",
  what: /west\.example\.net/,
  // The peer refuses us as well, and shows its identity only when it begins itself. Its attempt may end with the SA
  // that was just ended, or meet one of ours.
  meanwhile: async () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      await lab("site", "west", "initiate", "test-west");
      const { cause } = await whyWithin(10, "west", "ids");
      if (cause.code === "ids") return;
    }
  },
  explainedWithin: 10,
};

export const KILLED: Fault = {
  name: "a peer whose daemon was killed",
  inflict: (west) => west.kill(),
  repair: (west) => west.start(),
  states: ["established", "negotiating", "down"],
  code: "peer-down",
  what: /daemon of 198\.51\.100\.11 is not running/,
};

export const DROPS_INSIDE: Fault = {
  name: "a peer that drops what comes out of the tunnel",
  inflict: (west) => west.dropInside(),
  repair: (west) => west.admitInside(),
  states: ["established"],
  code: "not-answered",
  what: /nothing comes back/,
};

const NO_WAY_OUT: Fault = {
  name: "a perimeter that lets no IKE out",
  inflict: async () => {
    await labOk("perimeter", "nft", "add table ip fault");
    const chain = "add chain ip fault forward { type filter hook forward priority -10; }";
    await labOk("perimeter", "nft", chain);
    await labOk(
      "perimeter",
      "nft",
      "add rule ip fault forward ip daddr 198.51.100.11 udp dport { 500, 4500 } drop",
    );
    await onGateway("gwctl tunnel restart west");
  },
  repair: async (west) => {
    await labOk("perimeter", "nft", "delete table ip fault");
    await west.repair();
  },
  states: ["negotiating", "down"],
  code: "no-answer",
  what: /198\.51\.100\.11 does not answer our first packet/,
};

/** Kills west, which hangs before the first answer, and with that begins anew. */
const killed = (said: string) => async () => {
  const until = Date.now() + BACK_WITHIN * 1000;
  for (;;) {
    const args = ["tunnel", "kill", "west", "--timeout", "0", "--json"];
    const { stdout, output } = await lab("gateway", ...args);
    if (!stdout.startsWith("{")) throw new Error(`gateway tunnel kill printed no JSON:\n${output}`);
    const what = JSON.parse(stdout) as { said: string[]; disturbed: string[] };
    expect(what.disturbed).toEqual([]);
    // On a slow machine the daemon may have given up just before, by itself.
    if (what.said.some((line) => line.includes(said))) return;
    if (Date.now() >= until)
      throw new Error(`gateway tunnel kill never said "${said}":\n${output}`);
  }
};

export const HANGS: Fault = {
  ...NO_WAY_OUT,
  name: "a perimeter that lets no IKE out, and drop what hangs",
  meanwhile: killed("unfinished SA with 198.51.100.11 dropped"),
  // What is known from before the kill is history.
  explainedWithin: 60,
};

/** isakmpd tells of it once it has given up, 27 s after it began, and cannot be made to begin anew before. */
export const HANGS_V1: Fault = {
  ...HANGS,
  explainedWithin: 240,
  meanwhile: killed("unfinished phase 1 with 198.51.100.11 left to isakmpd"),
};

export const BY_HAND: Fault = {
  name: "somebody who took it down",
  inflict: () => labOk("gateway", "tunnel", "down", "west"),
  repair: () => labOk("gateway", "tunnel", "up", "west"),
  states: ["down"],
  code: "by-hand",
  what: /by hand/,
};

export async function provenAgain(name: string): Promise<GatewayStatus> {
  const status = await statusWithin(BACK_WITHIN, name, ["proven"]);
  expect(stateOf(status, name)).toBe("proven");
  return status;
}

/** One look is enough where the other one is there already. */
export async function bothProvenAgain(): Promise<void> {
  if (stateOf(await provenAgain("west"), "east") !== "proven") await provenAgain("east");
}

/** Inflicts it on west and holds both commands against it; east is not to notice. */
export async function expectExplained(fault: Fault, west: RemoteSite): Promise<void> {
  const { inflict, repair, states, code, what, meanwhile, explainedWithin = 0 } = fault;
  await inflict(west);
  try {
    // Both at once, as either spends its time waiting for the gateway.
    const early = meanwhile === undefined ? why("west") : undefined;
    const [status, answer] = await Promise.all([statusWithin(SEEN_WITHIN, "west", states), early]);
    expect(states).toContain(stateOf(status, "west"));
    expect(stateOf(status, "east")).toBe("proven");
    await meanwhile?.();
    // An answer from before the state was seen may have come too early.
    const { cause } =
      answer?.cause.code === code ? answer : await whyWithin(explainedWithin, "west", code);
    expect(cause).toMatchObject({ code, what: expect.stringMatching(what) as string });
  } finally {
    await repair(west);
  }
  await provenAgain("west");
}
