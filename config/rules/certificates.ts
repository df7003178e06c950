import { keptAuthority } from "../authority";
import { isDistinguishedName, typedIdentity } from "../identity";
import { deviceOf, signsByCurve } from "../vendors";
import { type Certificate, isSelfSigned, mayHaveIssued } from "../x509";
import { all, at, ofRead, signed } from "./ofCertificates";
import { finding, type Rule } from "./rule";

const NEW_ONE = "have the authority sign a new one";

export const readable: Rule = {
  code: "GW210",
  check: ofRead(({ ca, own, problems }) => [
    ...problems.map(({ part, problem }) => finding(at(part), problem.message, problem.fix)),
    ...ca
      .filter(({ isAuthority }) => !isAuthority)
      .map(({ subject }) =>
        finding(
          at("ca"),
          `${subject} is no authority's certificate`,
          "write those with basicConstraints CA:TRUE here, and the gateway's in own",
        ),
      ),
    ...(own?.isAuthority === true
      ? [finding(at("own"), `${own.subject} is an authority's certificate`, "write it in ca")]
      : []),
    ...(own?.keyProblem
      ? [finding(at("own"), `${own.subject} ${own.keyProblem.message}`, own.keyProblem.fix)]
      : []),
  ]),
};

const dayOf = (time: string): string => time.slice(0, "YYYY-MM-DD".length);

export const notExpired: Rule = {
  code: "GW211",
  check: ofRead((read, { today }) =>
    all(read)
      .filter(({ certificate }) => dayOf(certificate.until) < today)
      .map(({ part, certificate: { subject, until } }) =>
        finding(at(part), `${subject} has expired on ${dayOf(until)}`, NEW_ONE),
      ),
  ),
};

export const alreadyValid: Rule = {
  code: "GW212",
  check: ofRead((read, { today }) => {
    const begins = [
      ...all(read).map(({ part, certificate: { subject, from } }) => ({ part, subject, from })),
      ...read.crl.map(({ issuer, from }) => ({
        part: "crl" as const,
        subject: `the list of ${issuer}`,
        from,
      })),
    ];
    return begins
      .filter(({ from }) => dayOf(from) > today)
      .map(({ part, subject, from }) =>
        finding(
          at(part),
          `${subject} is valid from ${dayOf(from)} only`,
          "wait for that day, or have it made anew",
        ),
      );
  }),
};

export const knownIssuer: Rule = {
  code: "GW213",
  check: ofRead((read) =>
    all(read)
      .filter(
        ({ certificate }) =>
          !isSelfSigned(certificate) && !read.ca.some((one) => mayHaveIssued(one, certificate)),
      )
      .map(({ part, certificate: { subject, issuer } }) =>
        finding(
          at(part),
          `${subject} is issued by ${issuer}, which with that key is not in ca`,
          "write its authorities in ca, up to the root",
        ),
      ),
  ),
};

export const namesIdentity: Rule = {
  code: "GW214",
  check: ofRead(({ own }, { ike, tunnels }) => {
    if (own === undefined) return [];
    const first = ike?.daemon === "isakmpd";
    const names = first ? [own.firstIdentity].flatMap((one) => one ?? []) : own.identities;
    return signed(tunnels)
      .filter(({ tunnel }) => !isNamed(own, names, tunnel.localId))
      .map(({ path, tunnel: { localId } }) =>
        finding(
          `${path}.localId`,
          isDistinguishedName(localId)
            ? `is ${localId}, and the gateway's certificate has the subject ${own.subject}`
            : `is ${localId}, and the gateway's certificate names ${names.join(", ") || "no identity"}${first ? " first, and isakmpd looks at no other" : ""}`,
          "write what the certificate has, or have the output certificateRequest signed with its subjectAltName",
        ),
      );
  }),
};

function isNamed({ subject }: Certificate, names: readonly string[], identity: string): boolean {
  return isDistinguishedName(identity)
    ? subject.toLowerCase() === identity.toLowerCase()
    : names.includes(typedIdentity(identity));
}

export const listOfEach: Rule = {
  code: "GW215",
  check: ofRead(({ ca, crl }) => {
    const foreign = crl.filter((list) => !ca.some((one) => mayHaveIssued(one, list)));
    const missing = ca.filter((one) => !crl.some((list) => mayHaveIssued(one, list)));
    return [
      ...foreign.map(({ issuer }) =>
        finding(
          at("crl"),
          `holds a list of ${issuer}, which with that key is not in ca`,
          "write the lists of the authorities in ca",
        ),
      ),
      ...(crl.length === 0 ? [] : missing).map(({ subject }) =>
        finding(
          at("crl"),
          `has no list of ${subject}`,
          "write one of each authority in ca, roots too, or none at all",
        ),
      ),
    ];
  }),
};

export const currentList: Rule = {
  code: "GW216",
  check: ofRead(({ crl }, { today }) =>
    crl
      .filter(({ until }) => until !== undefined && dayOf(until) < today)
      .map(({ issuer, until = "" }) =>
        finding(
          at("crl"),
          `the list of ${issuer} has expired on ${dayOf(until)}`,
          "write the authority's current one",
        ),
      ),
  ),
};

export const notRevoked: Rule = {
  code: "GW217",
  check: ofRead((read) =>
    all(read)
      .filter(({ certificate }) =>
        read.crl.some(
          ({ issuerName, serials }) =>
            issuerName === certificate.issuerName && serials.has(certificate.serial),
        ),
      )
      .map(({ part, certificate: { subject } }) =>
        finding(at(part), `${subject} is revoked by its authority's list`, NEW_ONE),
      ),
  ),
};

export const certificateThere: Rule = {
  code: "GW218",
  check: ({ ike, tunnels }) =>
    !ike || ike.certificates?.own !== undefined || keptAuthority(ike)
      ? []
      : signed(tunnels)
          .filter(({ tunnel }) => tunnel.enabled)
          .map(({ path }) =>
            finding(
              `${path}.auth`,
              `is certificate, and ${at("own")} is missing`,
              "write enabled: false, pulumi up, have the output certificateRequest signed, and write the answer there",
            ),
          ),
};

export const certificatesUsed: Rule = {
  code: "GW219",
  wantsAllTunnels: true,
  check: ofRead((_, { tunnels }) =>
    signed(tunnels).length > 0
      ? []
      : [
          finding(
            "ike.certificates",
            "is not used, as no tunnel has auth: certificate",
            "remove it, or write auth: certificate",
          ),
        ],
  ),
};

export const keysBesideCertificates: Rule = {
  code: "GW221",
  check: ofRead((_, { tunnels }) =>
    tunnels
      .filter(({ tunnel: { auth, enabled } }) => auth === "publickey" && enabled)
      .map(({ path, tunnel: { remoteId } }) =>
        finding(
          `${path}.auth`,
          `is publickey, and a certificate that names ${remoteId} is taken as well`,
          "see to it that no authority of ike.certificates signs one, or write auth: certificate",
        ),
      ),
  ),
};

export const keyOfCurve: Rule = {
  code: "GW222",
  check: ofRead(({ own }, { ike, tunnels }) => {
    const key = own?.key;
    if (ike?.daemon === "isakmpd") return [];
    if (key === undefined || (key.kind === "ECDSA" && key.bits === 256)) return [];
    return signed(tunnels)
      .filter(({ tunnel }) => signsByCurve(tunnel))
      .map(({ path, tunnel: { vendor } }) =>
        finding(
          `${path}.vendor`,
          `is ${deviceOf(vendor)?.title ?? vendor}, and the gateway's certificate has an ${key.kind} key of ${key.bits} bits`,
          "have the gateway use an ECDSA key of P-256, as rc(8) makes it, and its request signed",
        ),
      );
  }),
};
