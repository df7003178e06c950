import { generateKeyPairSync } from "node:crypto";
import { publicKeyTests } from "./support/publicKeys";

publicKeyTests({
  daemon: "isakmpd",
  sites: "site-rsa.pem",
  another: () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    return publicKey.export({ type: "spki", format: "pem" }).toString().trim();
  },
  generate: (file) => `openssl genrsa -out ${file} 3072`,
  reread: "true",
  // What could not be brought up is tried again after two minutes (exchange.h), looked at each minute.
  renewed: 240,
});
