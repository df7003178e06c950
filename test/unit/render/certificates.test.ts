import { certificateFiles, certificatesText, requestText } from "../../../render/certificates";
import {
  AUTHORITY,
  OWN,
  REVOKED,
  RSA_LIST,
  RSA_MIDDLE,
  RSA_OWN,
  RSA_ROOT,
  RSA_ROOT_LIST,
} from "../support/fixedCertificates";
import type { StackConfig } from "../../../config/schema";
import { configOf } from "../support/stack";

const certified = {
  "ike.certificates": { ca: AUTHORITY, own: OWN, crl: REVOKED },
  "tunnels.0.auth": "certificate",
};
const first = { "tunnels.0.auth": "certificate", "tunnels.0.enabled": false };

const filesOf = ({ ike: { daemon, certificates } }: StackConfig) =>
  certificateFiles(daemon, certificates ?? {});

test("the certificates are one file for each of iked's directories, and one text", () => {
  const config = configOf(certified);
  expect(filesOf(config)).toEqual([
    { path: "/etc/iked/ca/gwctl.pem", text: AUTHORITY },
    { path: "/etc/iked/crls/gwctl.pem", text: REVOKED },
    { path: "/etc/iked/certs/gwctl.pem", text: OWN },
  ]);
  expect(certificatesText(config.ike.certificates ?? {})).toBe(
    `# ca\n${AUTHORITY}# crls\n${REVOKED}# certs\n${OWN}`,
  );
  expect(filesOf(configOf())).toEqual([]);
});

test("isakmpd has a file for each, and is sent the same text", () => {
  const [ca, crl] = [RSA_ROOT + RSA_MIDDLE, RSA_ROOT_LIST + RSA_LIST];
  const config = configOf({
    "ike.daemon": "isakmpd",
    "ike.profile": "compat",
    "ike.certificates": { ca, own: RSA_OWN, crl },
    "tunnels.0.auth": "certificate",
  });
  expect(filesOf(config)).toEqual([
    { path: "/etc/isakmpd/ca/gwctl-1.pem", text: RSA_ROOT },
    { path: "/etc/isakmpd/ca/gwctl-2.pem", text: RSA_MIDDLE },
    { path: "/etc/isakmpd/crls/gwctl-1.pem", text: RSA_ROOT_LIST },
    { path: "/etc/isakmpd/crls/gwctl-2.pem", text: RSA_LIST },
    { path: "/etc/isakmpd/certs/gwctl-1.pem", text: RSA_OWN },
  ]);
  expect(certificatesText(config.ike.certificates ?? {})).toBe(
    `# ca\n${ca}# crls\n${crl}# certs\n${RSA_OWN}`,
  );
});

test("what is missing has no file", () => {
  const config = configOf({ ...first, "ike.certificates": { ca: AUTHORITY } });
  expect(filesOf(config).map(({ path }) => path)).toEqual(["/etc/iked/ca/gwctl.pem"]);
});

test("the request has every identity of tunnels with certificates", () => {
  expect(requestText(configOf())).toBeUndefined();
  expect(requestText(configOf(first))).toBe("/CN=gw-test.example.net\nDNS:gw-test.example.net\n");
  const second = { "tunnels.1.auth": "certificate", "tunnels.1.enabled": false };
  const both = (localId: string) =>
    requestText(configOf({ ...first, ...second, "tunnels.1.localId": localId }));
  expect(both("gw-test.example.net")).toBe("/CN=gw-test.example.net\nDNS:gw-test.example.net\n");
  expect(both("gw@example.net")).toMatch(/\nDNS:gw-test\.example\.net\nemail:gw@example\.net\n$/);
  expect(both("203.0.113.9")).toMatch(/\nIP:203\.0\.113\.9\n$/);
  expect(both("/O=Example AG/CN=gw")).toBe("/O=Example AG/CN=gw\nDNS:gw-test.example.net\n");
});
