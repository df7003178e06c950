import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./lab";

/** A site's own public keys: ECDSA, and RSA, the only kind that isakmpd takes. */
export type SiteKey = "site.pem" | "site-rsa.pem";

/** PEM, as the site's administrator sends it. */
export const siteKey = (site: "west" | "branches", file: SiteKey): string =>
  readFileSync(join(ROOT, ".lab/peers", site, "pubkey", file), "utf8").trim();
