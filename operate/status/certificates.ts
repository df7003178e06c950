import type { CertificateStatus } from "../../contract/documents/status";
import type { StackOutputs } from "../../contract/stackOutputs";

const DAY_MS = 86_400_000;

/** Days before the end from when it is shown, and from when it is a problem: lists are made for some days only. */
const AHEAD: Readonly<Record<CertificateStatus["kind"], { shown: number; problem: number }>> = {
  own: { shown: 30, problem: 7 },
  ca: { shown: 30, problem: 7 },
  crl: { shown: 7, problem: 1 },
};

const NAMES: Readonly<Record<CertificateStatus["kind"], string>> = {
  own: "the gateway's certificate",
  ca: "the authority",
  crl: "the list of revoked certificates of",
};

const FIXES: Readonly<Record<CertificateStatus["kind"], string>> = {
  own: "have the output certificateRequest signed again, and write it as ike.certificates.own",
  ca: "write the certificate of its successor in ike.certificates.ca",
  crl: "write the authority's next one as ike.certificates.crl",
};

/** When what the stack declares of certificates ends; undefined where it declares none. */
export function certificatesAt(
  { certificates }: StackOutputs,
  at: Date,
): CertificateStatus[] | undefined {
  return certificates?.ends.map(({ kind, subject, ends }) => ({
    ...{ kind, subject, ends },
    days: Math.floor((Date.parse(ends) - at.getTime()) / DAY_MS),
  }));
}

export function certificateProblems(all: readonly CertificateStatus[] = []): string[] {
  return all
    .filter(({ kind, days }) => days < AHEAD[kind].problem)
    .map((one) => `${sentence(one)}: ${FIXES[one.kind]}`);
}

/** What is no problem yet. */
export function certificateRemarks(all: readonly CertificateStatus[] = []): string[] {
  return all
    .filter(({ kind, days }) => days < AHEAD[kind].shown && days >= AHEAD[kind].problem)
    .map(sentence);
}

function sentence({ kind, subject, ends, days }: CertificateStatus): string {
  const day = ends.slice(0, "YYYY-MM-DD".length);
  const when =
    days < 0
      ? `has ended on ${day}`
      : `ends in ${days === 0 ? "less than a day" : `${days} day${days === 1 ? "" : "s"}`}, on ${day}`;
  return `${NAMES[kind]} ${subject} ${when}`;
}
