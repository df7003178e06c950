import { nameOfConstant } from "../config/algorithms/daemonWords";
import { IKED } from "./logForms/iked";

/** One proposal of the peer, as iked logs it when it takes none; in OpenBSD's names. */
export interface PeerProposal {
  readonly protocol: "IKE" | "ESP";
  readonly encryption: readonly string[];
  readonly integrity: readonly string[];
  readonly prf: readonly string[];
  readonly group: readonly string[];
}

const FIELDS = { ENCR: "encryption", INTEGR: "integrity", PRF: "prf", DH: "group" } as const;
type Field = keyof typeof FIELDS;

/** The proposals that the messages tell of, each with its alternatives, in their order. */
export function parsePeerProposals(messages: readonly string[]): PeerProposal[] {
  const found = new Map<string, Record<(typeof FIELDS)[Field], string[]>>();
  for (const message of messages) {
    const [, protocol, number, field = "", value] = IKED.proposal.form.exec(message) ?? [];
    if (protocol === undefined || value === undefined || !(field in FIELDS)) continue;
    const key = `${protocol} ${String(number)}`;
    const proposal = found.get(key) ?? { encryption: [], integrity: [], prf: [], group: [] };
    const values = proposal[FIELDS[field as Field]];
    // The same proposal is told again by each attempt.
    for (const name of value.split(",").map((one) => nameOfConstant("iked", one)))
      if (!values.includes(name)) values.push(name);
    found.set(key, proposal);
  }
  return [...found].map(([key, proposal]) => ({
    protocol: key.startsWith("IKE") ? "IKE" : "ESP",
    ...proposal,
  }));
}
