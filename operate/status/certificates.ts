import type { CertificateStatus } from "../../contract/documents/status";
import type { StackOutputs } from "../../contract/stackOutputs";

const DAY_MS = 86_400_000;

type Kind = CertificateStatus["kind"];

/** Days before the end from when it is shown, and from when it is a problem: lists are made for some days only. */
const AHEAD: Readonly<Record<Kind, { shown: number; problem: number }>> = {
  own: { shown: 30, problem: 7 },
  ca: { shown: 30, problem: 7 },
  crl: { shown: 7, problem: 1 },
  peer: { shown: 30, problem: 7 },
};

/** Every peer has to be handed the next authority before the last one ends. */
const AHEAD_OF_KEPT = {
  ...AHEAD,
  ca: { shown: 180, problem: 60 },
  crl: { shown: 180, problem: 60 },
};

const NAMES: Readonly<Record<Kind, string>> = {
  own: "the gateway's certificate",
  ca: "the authority",
  crl: "the list of revoked certificates of",
  peer: "the peer's certificate",
};

const FIXES: Readonly<Record<Kind, string>> = {
  own: "have the output certificateRequest signed again, and write it as ike.certificates.own",
  ca: "write the certificate of its successor in ike.certificates.ca",
  crl: "write the authority's next one as ike.certificates.crl",
  peer: "have the authority sign the peer's request again",
};

/** Of what the stack's authority has signed. */
const FIXES_OF_KEPT: Readonly<Record<Kind, string>> = {
  own: "run pulumi up, which renews it",
  ca: "begin with its successor: write it in ike.certificates.authority.also (docs/authentication.md)",
  crl: "it is good as long as its authority: begin with the successor of that one",
  peer: "run pulumi up, which renews it, and hand it over: gateway peer",
};

/** When what the stack has of certificates ends; undefined where it has none. */
export function certificatesAt(
  { certificates }: StackOutputs,
  at: Date,
): CertificateStatus[] | undefined {
  return certificates?.ends.map(({ kind, subject, ends, issuer }) => ({
    ...{ kind, subject, ends, issuer },
    days: Math.floor((Date.parse(ends) - at.getTime()) / DAY_MS),
    kept: certificates.kept !== undefined,
  }));
}

const aheadOf = ({ kind, kept }: CertificateStatus) => (kept ? AHEAD_OF_KEPT : AHEAD)[kind];

export function certificateProblems(all: readonly CertificateStatus[] = []): string[] {
  return all
    .filter((one) => one.days < aheadOf(one).problem)
    .map((one) => `${sentence(one)}: ${(one.kept ? FIXES_OF_KEPT : FIXES)[one.kind]}`);
}

/** What is no problem yet. */
export function certificateRemarks(all: readonly CertificateStatus[] = []): string[] {
  return all
    .filter((one) => one.days < aheadOf(one).shown && one.days >= aheadOf(one).problem)
    .map(sentence);
}

function sentence({ kind, subject, ends, days, issuer = subject }: CertificateStatus): string {
  const day = ends.slice(0, "YYYY-MM-DD".length);
  const when =
    days < 0
      ? `has ended on ${day}`
      : `ends in ${days === 0 ? "less than a day" : `${days} day${days === 1 ? "" : "s"}`}, on ${day}`;
  return `${NAMES[kind]} ${subject}${issuer === subject ? "" : `, signed by ${issuer},`} ${when}`;
}
