import { deviceOf, signsByCurve } from "../vendors";
import { all, at, ofRead, signed } from "./ofCertificates";
import { finding, type Rule } from "./rule";

export const oneIdentityOfIsakmpd: Rule = {
  code: "GW223",
  check: ({ ike, tunnels }) => {
    if (ike?.daemon !== "isakmpd") return [];
    const [first, ...others] = signed(tunnels);
    return others
      .filter(({ tunnel }) => tunnel.localId !== first?.tunnel.localId)
      .map(({ path, tunnel: { localId } }) =>
        finding(
          `${path}.localId`,
          `is ${localId}, and that of ${first?.path ?? ""} is ${first?.tunnel.localId ?? ""}`,
          "write the same one in all tunnels with certificates, or ike.daemon: iked",
        ),
      );
  },
};

export const askedByIsakmpd: Rule = {
  code: "GW224",
  check: ({ ike, tunnels }) =>
    ike?.daemon !== "isakmpd"
      ? []
      : signed(tunnels)
          .filter(({ tunnel }) => signsByCurve(tunnel))
          .map(({ path, tunnel: { vendor } }) =>
            finding(
              `${path}.auth`,
              `is certificate, and ${deviceOf(vendor)?.title ?? vendor} waits to be asked for its certificate`,
              "write auth: psk, or ike.daemon: iked",
            ),
          ),
};

/** isakmpd frees a certificate with another key twice, an authority's too (x509.c x509_cert_get_key). */
export const keysOfIsakmpd: Rule = {
  code: "GW225",
  check: ofRead((read, { ike }) =>
    ike?.daemon !== "isakmpd"
      ? []
      : all(read)
          .filter(({ certificate: { key } }) => key?.kind !== "RSA")
          .map(({ part, certificate: { subject, key } }) =>
            finding(
              at(part),
              `${subject} has ${key ? `an ${key.kind} key` : "a key that is not taken"}, and isakmpd knows RSA alone`,
              "use RSA of 2048 to 8192 bits, or write ike.daemon: iked",
            ),
          ),
  ),
};
