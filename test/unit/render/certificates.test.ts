import { certificateFiles, certificatesText, requestText } from "../../../render/certificates";
import { AUTHORITY, OWN, REVOKED } from "../support/fixedCertificates";
import { configOf } from "../support/stack";

const certified = {
  "ike.certificates": { ca: AUTHORITY, own: OWN, crl: REVOKED },
  "tunnels.0.auth": "certificate",
};
const first = { "tunnels.0.auth": "certificate", "tunnels.0.enabled": false };

test("the certificates are one file for each of iked's directories, and one text", () => {
  const config = configOf(certified);
  expect(certificateFiles(config)).toEqual([
    { path: "/etc/iked/ca/gwctl.pem", text: AUTHORITY },
    { path: "/etc/iked/crls/gwctl.pem", text: REVOKED },
    { path: "/etc/iked/certs/gwctl.pem", text: OWN },
  ]);
  expect(certificatesText(config)).toBe(`# ca\n${AUTHORITY}# crls\n${REVOKED}# certs\n${OWN}`);
  expect(certificateFiles(configOf())).toEqual([]);
});

test("what is missing has no file", () => {
  const config = configOf({ ...first, "ike.certificates": { ca: AUTHORITY } });
  expect(certificateFiles(config).map(({ path }) => path)).toEqual(["/etc/iked/ca/gwctl.pem"]);
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
