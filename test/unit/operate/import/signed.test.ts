import type { Daemon } from "../../../../config/schema";
import { importFiles } from "../../../../operate/import";
import { formatNote } from "../../../../operate/import/note";
import type { OldFiles } from "../../../../operate/import/oldFiles";
import { stackYaml } from "../../../../operate/import/yaml";
import {
  AUTHORITY,
  OWN,
  REVOKED,
  RSA_MIDDLE,
  RSA_OWN,
  RSA_ROOT,
  RSA_ROOT_LIST,
} from "../../support/fixedCertificates";
import { P256, RSA_1024, RSA_2048 } from "../../support/publicKeys";

const PRIVATE = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0IGJ5dGVz\n-----END PRIVATE KEY-----\n";
const NETS = "from 10.0.0.0/24 to 10.1.0.0/24 peer 192.0.2.1";
const IDS = "srcid gw.example.net dstid west.example.net";
const TIMES = "ikelifetime 28800 lifetime 3600";
const IKED =
  "ikesa enc aes-256-gcm prf hmac-sha2-384 group ecp384 childsa enc aes-256-gcm group ecp384";
const ISAKMPD =
  "main auth hmac-sha2-256 enc aes-256 group modp2048 lifetime 28800 " +
  "quick auth hmac-sha2-256 enc aes-256 group modp2048 lifetime 3600";

const ikev2 = (word: string, ids = IDS) => `ikev2 active ${NETS} ${IKED} ${ids} ${TIMES} ${word}\n`;
const ike = (word: string, ids = IDS) => `ike ${NETS} ${ISAKMPD} ${ids} ${word}\n`;

/** A copy of the old gateway's /etc. */
function etc(files: Readonly<Record<string, string>>): OldFiles {
  const name = (path: string) => `old/etc/${path}`;
  return {
    find: (path) => (path in files ? name(path) : undefined),
    list: (folder) =>
      Object.keys(files)
        .filter((path) => path.replace(/\/[^/]*$/, "") === folder)
        .map(name),
    text: (path) => files[path.replace("old/etc/", "")],
  };
}

function imported(daemon: Daemon, text: string, files: Readonly<Record<string, string>> = {}) {
  const found = importFiles(daemon, [{ file: "f", text }], {
    today: "2026-11-24",
    old: etc(files),
  });
  return { ...found, said: found.notes.map(formatNote).join("\n") };
}

const KEY_FILE = "iked/pubkeys/fqdn/west.example.net";

test.each<[Daemon, string, string, string]>([
  ["iked", ikev2("rfc7427"), KEY_FILE, P256],
  ["iked", ikev2(""), KEY_FILE, RSA_2048],
  ["iked", ikev2("ecdsa384", "srcid a.example.net"), "iked/pubkeys/ipv4/192.0.2.1", P256],
  ["iked", ikev2("rsa", "dstid ops@x.example.net"), "iked/pubkeys/ufqdn/ops@x.example.net", P256],
  ["isakmpd", ike("rsa"), "isakmpd/pubkeys/fqdn/west.example.net", RSA_2048],
  ["isakmpd", ike("", ""), "isakmpd/pubkeys/ipv4/192.0.2.1", RSA_2048],
])("%s: %s has its peer's key in the file of the identity", (daemon, text, path, key) => {
  const { tunnels, problems, said } = imported(daemon, text, { [path]: `a comment\n${key}` });
  expect(tunnels).toMatchObject([{ auth: "publickey", peerKey: key }]);
  expect(problems).toEqual([]);
  expect(said).toContain(`check: old/etc/${path} is the peer's key, now peerKey`);
  expect(said).toContain("check: the gateway signs with a new key");
});

test.each<[Daemon, string, string, string]>([
  ["iked", PRIVATE, "is a private key, which nobody but its owner may have", KEY_FILE],
  ["iked", P256 + PRIVATE, "is a private key, which nobody but its owner may have", KEY_FILE],
  ["iked", RSA_1024, "is an RSA key of 1024 bits", KEY_FILE],
  ["iked", OWN, "is a certificate", KEY_FILE],
  ["isakmpd", P256, "isakmpd has no ECDSA keys", "isakmpd/pubkeys/fqdn/west.example.net"],
])("%s: what is no key of the peer is refused by name: %#", (daemon, text, reason, path) => {
  const rule = daemon === "iked" ? ikev2("rfc7427") : ike("");
  const found = imported(daemon, rule, { [path]: text });
  expect(found.said).toContain(`the peer's key is not taken: old/etc/${path} ${reason}`);
  expect(found.problems).toMatchObject([{ code: "GW150", path: "tunnels[0].peerKey" }]);
  expect(JSON.stringify(found)).not.toContain("c2VjcmV0");
});

test.each<[Daemon, string, string]>([
  ["iked", ikev2("rfc7427"), "/etc/iked/pubkeys/fqdn/west.example.net"],
  ["isakmpd", ike("rsa"), "/etc/isakmpd/pubkeys/fqdn/west.example.net"],
])("%s: without the files the note says which they are", (daemon, text, path) => {
  const { tunnels, problems, said } = imported(daemon, text);
  expect(tunnels).toMatchObject([{ auth: "publickey" }]);
  expect(said).toContain(path);
  expect(said).toContain("import again with --root");
  expect(problems).toMatchObject([{ code: "GW150" }]);
});

test("an authority makes it a certificate, with the lists, until the gateway has one of its own", () => {
  const { tunnels, settings, problems, said } = imported("iked", ikev2("rfc7427"), {
    "iked/ca/ca.crt": `Certificate:\n  Data\n${AUTHORITY}`,
    "iked/ca/again.crt": AUTHORITY,
    "iked/crls/ca.crl": REVOKED,
    "iked/certs/gw.crt": OWN,
    "iked/private/local.key": PRIVATE,
  });
  expect(tunnels).toMatchObject([{ auth: "certificate", enabled: false }]);
  expect(settings.certificates).toEqual({ ca: AUTHORITY, crl: REVOKED });
  expect(problems).toEqual([]);
  expect(said).toContain(
    "old/etc/iked/certs/gw.crt: left out: is a certificate of the old gateway",
  );
  expect(said).toContain("old/etc/iked/private/local.key: left out: is in the folder of private");
  expect(said).toContain("write the answer as ike.certificates.own");
});

test("a peer whose key is there stays with it beside an authority", () => {
  const { tunnels, settings } = imported("iked", ikev2("rfc7427"), {
    [KEY_FILE]: P256,
    "iked/ca/ca.crt": AUTHORITY,
  });
  expect(tunnels).toMatchObject([{ auth: "publickey" }]);
  expect(settings.certificates).toBeUndefined();
});

test.each(["dstid", "srcid"])("a distinguished name as %s makes it a certificate", (id) => {
  const { tunnels, problems, said } = imported("iked", ikev2("", `${id} "/C=AT/CN=west"`));
  expect(tunnels).toMatchObject([{ auth: "certificate", enabled: false }]);
  expect(problems).toEqual([]);
  expect(said).toContain("/etc/iked/ca of the old gateway, and their lists in /etc/iked/crls");
});

test("a peer's certificate that iked believed by itself is named", () => {
  const { said } = imported("iked", ikev2("rfc7427", "dstid gw.example.net"), {
    "iked/ca/ca.crt": AUTHORITY,
    "iked/certs/peer.crt": OWN,
  });
  expect(said).toContain("peer.crt: left out: is the certificate of gw.example.net");
  expect(said).toContain("openssl x509 -in old/etc/iked/certs/peer.crt -noout -pubkey");
});

test.each(["ca", "crls", "certs"])("a private key in %s is refused by name", (folder) => {
  const found = imported("iked", ikev2("rfc7427"), {
    "iked/ca/a.crt": AUTHORITY,
    [`iked/${folder}/odd.pem`]: PRIVATE,
  });
  expect(found.said).toContain(`old/etc/iked/${folder}/odd.pem: left out: holds a private key`);
  expect(JSON.stringify(found)).not.toContain("c2VjcmV0");
});

test("the stack's rules look at the authorities", () => {
  const { problems } = imported("iked", ikev2("rfc7427"), { "iked/ca/gw.crt": OWN });
  expect(problems.map(({ code }) => code)).toContain("GW210");
});

test("with isakmpd an authority makes it a certificate, and of each file the first one counts", () => {
  const { tunnels, settings, problems, said } = imported("isakmpd", ike("rsa"), {
    "isakmpd/ca/ca.crt": RSA_ROOT + RSA_MIDDLE,
    "isakmpd/crls/root.crl": RSA_ROOT_LIST,
    "isakmpd/certs/gw.crt": RSA_OWN,
    "iked/ca/other.crt": AUTHORITY,
  });
  expect(tunnels).toMatchObject([{ auth: "certificate", enabled: false }]);
  expect(settings.certificates).toEqual({ ca: RSA_ROOT, crl: RSA_ROOT_LIST });
  expect(problems).toEqual([]);
  expect(said).toContain("isakmpd/certs/gw.crt: left out: is a certificate of the old gateway");
});

test.each([
  ["", "no word for the authentication: iked took any signature beside those of RFC 7427"],
  ["signature", "signature: iked took any signature"],
  ["rsa", "rsa: iked took such signatures beside those of RFC 7427"],
  ["ecdsa521", "ecdsa521: iked took such signatures"],
])("says that %j took more than the stack", (word, reason) => {
  expect(imported("iked", ikev2(word), { [KEY_FILE]: P256 }).said).toContain(`changed: ${reason}`);
});

test("rfc7427 is what the stack takes", () => {
  const { notes } = imported("iked", `set fragmentation\n${ikev2("rfc7427")}`, {
    [KEY_FILE]: P256,
  });
  expect(notes.filter(({ kind }) => kind !== "check")).toEqual([]);
});

test("PEM stands in blocks of YAML", () => {
  const found = imported("iked", `set fragmentation\n${ikev2("rfc7427")}`, { [KEY_FILE]: P256 });
  expect(stackYaml(found)).toBe(`config:
  openbsd-ipsec-gateway:ike:
    daemon: iked
  openbsd-ipsec-gateway:tunnels:
    - name: west
      peer: 192.0.2.1
      local: [10.0.0.0/24]
      remote: [10.1.0.0/24]
      localId: gw.example.net
      remoteId: west.example.net
      mode: active
      profile: modern
      auth: publickey
      peerKey: |
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJ0Mw7MmYeJXOWIlVykWpqJkEsJ0Z
        X/O10JL+wB6fbX0H5TWNJ6xGFR/aADhfkamEFjeO9eM4PEg1JAvH3pHJYA==
        -----END PUBLIC KEY-----
`);
});
