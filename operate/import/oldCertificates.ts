import { typedIdentity } from "../../config/identity";
import type { PemProblem } from "../../config/pem";
import type { Daemon } from "../../config/schema";
import { readCertificates, readRevocationLists } from "../../config/x509";
import type { Candidate, IkeSettings } from "./candidate";
import type { Notes } from "./note";
import { type OldFiles, pemOf } from "./oldFiles";

type Candidates = readonly Pick<Candidate, "auth" | "peer" | "remoteId">[];

/** What tunnels that sign need of the old gateway's files, and what of them stays behind. */
export function signersSettings(
  daemon: Daemon,
  candidates: Candidates,
  old: OldFiles,
  notes: Notes,
): IkeSettings {
  const auths = new Set(candidates.flatMap(({ auth }) => auth ?? []));
  if (auths.size === 0) return {};
  notePrivateKeys(daemon, old, notes);
  notes.ofAll(
    "the gateway signs with a new key, as its private key stays where it was made",
    "give each peer what it needs of the new gateway: gateway peer NAME",
  );
  if (!auths.has("certificate")) return {};
  notes.ofAll(
    "the gateway's certificate is of its old key: tunnels with auth: certificate have enabled: false",
    "pulumi up, have the output certificateRequest signed, write the answer as ike.certificates.own, and take enabled: false out",
  );
  for (const file of old.list(`${daemon}/certs`)) {
    noteCertificate(daemon, file, candidates, old, notes);
  }
  return certificates(daemon, old, notes);
}

/** The authorities and their lists, without which no certificate is believed. */
function certificates(daemon: Daemon, old: OldFiles, notes: Notes): IkeSettings {
  const all = (folder: string, label: string, read: Read) =>
    gathered(daemon, folder, label, read, old, notes);
  const ca = all("ca", "CERTIFICATE", readCertificates);
  if (ca === "") {
    notes.ofAll(
      `no authority was given: they are in /etc/${daemon}/ca of the old gateway, and their lists in /etc/${daemon}/crls`,
      "import again with --root and a copy of these, or write them as ike.certificates.ca and crl",
    );
    return {};
  }
  const crl = all("crls", "X509 CRL", readRevocationLists);
  return { certificates: { ca, ...(crl !== "" && { crl }) } };
}

type Read = (text: string) => readonly { readonly pem: string }[] | PemProblem;

/** Each once; both daemons load every file of the folder, whatever its name, and isakmpd the first of each. */
function gathered(
  daemon: Daemon,
  folder: string,
  label: string,
  read: Read,
  old: OldFiles,
  notes: Notes,
): string {
  const found = old.list(`${daemon}/${folder}`).flatMap((file) => {
    const result = read(pemOf(old.text(file) ?? "", label));
    if (!("message" in result)) {
      return (daemon === "iked" ? result : result.slice(0, 1)).map(({ pem }) => pem);
    }
    notes.ofFile("left out", file, result.message, result.fix);
    return [];
  });
  return [...new Set(found)].join("");
}

function notePrivateKeys(daemon: Daemon, old: OldFiles, notes: Notes): void {
  for (const file of old.list(`${daemon}/private`)) {
    notes.ofFile(
      "left out",
      file,
      "is in the folder of private keys, and was not read",
      "delete this copy: nobody but its owner may have it",
    );
  }
}

function noteCertificate(
  daemon: Daemon,
  file: string,
  candidates: Candidates,
  old: OldFiles,
  notes: Notes,
): void {
  const read = readCertificates(pemOf(old.text(file) ?? "", "CERTIFICATE"));
  if ("message" in read) {
    notes.ofFile("left out", file, read.message, read.fix);
    return;
  }
  const peer = candidates
    .map(({ peer: address, remoteId }) => remoteId ?? address)
    .find((id) => read.some(({ identities }) => identities.includes(typedIdentity(id))));
  if (peer === undefined) {
    notes.ofFile(
      "left out",
      file,
      "is a certificate of the old gateway's key",
      "nothing: the new gateway gets one of its own",
    );
    return;
  }
  notes.ofFile(
    "left out",
    file,
    `is the certificate of ${peer}, which ${daemon} believed without an authority`,
    `write its key as peerKey, with auth: publickey: openssl x509 -in ${file} -noout -pubkey`,
  );
}
