import { generateKeyPairSync } from "node:crypto";
import { publicKeyTests } from "./support/publicKeys";

publicKeyTests({
  daemon: "iked",
  sites: "site.pem",
  another: () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return publicKey.export({ type: "spki", format: "pem" }).toString().trim();
  },
  generate: (file) => `openssl ecparam -genkey -name prime256v1 -noout -out ${file}`,
  reread: "rcctl reload iked",
  // IKED_INITIATOR_INTERVAL of iked.h is a minute.
  renewed: 150,
});
