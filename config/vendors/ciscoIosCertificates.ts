import { alternativeName } from "../alternativeName";
import { type Certificate, isSelfSigned, mayHaveIssued, readCertificates } from "../x509";
import { objectName } from "./cisco";
import { identityKind, type PeerInput } from "./peer";

/** One authority, which IOS has a trustpoint for. */
interface Trustpoint {
  readonly name: string;
  readonly authority: Certificate;
  /** Of the authority above it. */
  readonly parent?: string | undefined;
}

/**
 * A trustpoint has one authority. The first one is to sign this device's certificate: one that has signed no
 * other authority, as a root mostly signs authorities alone.
 */
function trustpoints({ tunnel, authorities = "" }: PeerInput): Trustpoint[] {
  const read = readCertificates(authorities);
  const all = "message" in read ? [] : read;
  const issuerOf = (one: Certificate) =>
    isSelfSigned(one) ? undefined : all.find((other) => mayHaveIssued(other, one));
  const lowest = all.find((one) => all.every((other) => issuerOf(other) !== one));
  const ordered = [...all].sort((a, b) => Number(b === lowest) - Number(a === lowest));
  const nameOf = (authority: Certificate) => {
    const number = ordered.indexOf(authority) + 1;
    return `${objectName(tunnel.name)}${number === 1 ? "" : `-${number}`}`;
  };
  return ordered.map((authority) => {
    const parent = issuerOf(authority);
    return { name: nameOf(authority), authority, parent: parent && nameOf(parent) };
  });
}

/** What is to be known before the commands are pasted. */
export function certificatesNote(input: PeerInput): string[] {
  const { remoteId } = input.tunnel;
  const [own, ...others] = trustpoints(input);
  return [
    "The key is made on this device, and never leaves it. When the commands are in, one by one, as they ask:",
    `  crypto pki enroll ${own?.name ?? ""}`,
    `    Have the request signed by ${own?.authority.subject ?? ""}`,
    `    with the subjectAltName ${alternativeName(remoteId)}: the gateway takes no certificate without it.`,
    `  crypto pki import ${own?.name ?? ""} certificate`,
    ...(others.length === 0
      ? []
      : [
          "If another of the authorities signs it, give that one's trustpoint the lines from subject-name to",
          "eckeypair, enroll and import there, and move the word verify to the first one in the profile.",
        ]),
  ];
}

/** The key, and each authority with its certificate, which `crypto pki authenticate` asks for. */
export function certificatesCommands(input: PeerInput): string[] {
  const key = objectName(input.tunnel.name);
  const all = trustpoints(input);
  const enrolling = [
    ` subject-name CN=${input.tunnel.remoteId}`,
    ...(identityKind(input.tunnel.remoteId) === "name"
      ? [` subject-alt-name ${input.tunnel.remoteId}`]
      : []),
    " fqdn none",
    " serial-number none",
    " ip-address none",
    " hash sha256",
    ` eckeypair ${key}`,
  ];
  return [
    `crypto key generate ec keysize 256 label ${key}`,
    ...all.flatMap(({ name, parent }, index) => [
      `crypto pki trustpoint ${name}`,
      " enrollment terminal pem",
      ...(index === 0 ? enrolling : []),
      ...(parent === undefined ? [] : [` chain-validation continue ${parent}`]),
      " revocation-check crl none",
    ]),
    // An authority can be taken only when the one above it was.
    ...[...all]
      .sort((a, b) => depth(a, all) - depth(b, all))
      .flatMap(({ name, authority }) => [
        `crypto pki authenticate ${name}`,
        ...authority.pem.trimEnd().split("\n"),
        "quit",
        "yes",
      ]),
  ];
}

/** The profile's part: this device signs with the first one's certificate, and believes all of them. */
export function certificatesProfile(input: PeerInput): string[] {
  return [
    " authentication remote ecdsa-sig",
    " authentication local ecdsa-sig",
    ...trustpoints(input).map(
      ({ name }, index) => ` pki trustpoint ${name}${index === 0 ? "" : " verify"}`,
    ),
  ];
}

function depth({ parent }: Trustpoint, all: readonly Trustpoint[], seen = 0): number {
  const above = all.find(({ name }) => name === parent);
  return above === undefined || seen > all.length ? 0 : 1 + depth(above, all, seen + 1);
}
