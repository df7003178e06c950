import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { isRevoked, REQUEST_DIGITS } from "../../config/authority";
import { armoured } from "../../config/pem";
import type { Authority } from "../../config/schema";
import type { KeptKey } from "../../contract/keptKey";
import {
  authorityBody,
  endBody,
  type Issuer,
  listBody,
  SIGNATURE_ALGORITHM,
} from "../../render/x509/bodies";
import { bits, sequence } from "../../render/x509/der";
import {
  dayNumber,
  daysOfAuthority,
  daysOfPeriod,
  periodOn,
  periodsThatLast,
  type Terms,
} from "../../render/x509/schedule";

/** Whose certificate is to be signed. */
export interface Wanted {
  /** SubjectPublicKeyInfo, DER. */
  readonly keyInfo: Uint8Array;
  /** IKE identities. */
  readonly identities: readonly string[];
}

/**
 * An authority of the stack, on one day. All that it signs is a function of its key, the configuration and the
 * day: the serial numbers are hashes, the days are the calendar's, and RSA signatures of PKCS#1 v1.5 have no chance
 * in them. So nothing of it has to be kept, and an update on which nothing is due changes nothing.
 */
export class Issuing {
  private readonly secret: KeyObject;
  private readonly keyInfo: Uint8Array;
  private readonly issuer: Issuer;
  private readonly terms: Terms;

  constructor(
    /** Unique among all authorities that a peer believes. */
    name: string,
    { key, made }: KeptKey,
    private readonly settings: Authority,
    private readonly today: string,
  ) {
    this.secret = createPrivateKey(key);
    this.keyInfo = createPublicKey(this.secret).export({ type: "spki", format: "der" });
    this.issuer = { name, keyId: keyId(this.keyInfo) };
    this.terms = { made, years: settings.years, days: settings.days };
  }

  /** Its own certificate, PEM. */
  public certificate(): string {
    const { keyInfo, issuer, settings } = this;
    const body = {
      ...{ issuer, keyInfo, keyId: issuer.keyId, names: settings.names },
      ...daysOfAuthority(this.terms),
    };
    const serial = serialStart(JSON.stringify([body.from, body.until, body.names]), keyInfo);
    return this.signed("CERTIFICATE", authorityBody({ ...body, serial }));
  }

  /**
   * The certificate for the current period, PEM.
   * @returns undefined where the list of revoked certificates has it
   */
  public issue({ keyInfo, identities }: Wanted): string | undefined {
    const start = serialStart(JSON.stringify(identities), keyInfo);
    if (isRevoked(this.settings, start)) return undefined;
    const period = periodOn(this.terms, this.today);
    const body = endBody({
      ...{ issuer: this.issuer, keyInfo, keyId: keyId(keyInfo), identities },
      ...{ serial: start + periodDigits(period), ...daysOfPeriod(this.terms, period) },
    });
    return this.signed("CERTIFICATE", body);
  }

  /**
   * Its list of revoked certificates, PEM. It is good as long as the authority: only an update makes another one,
   * and an expired one would shut out every peer.
   */
  public list(): string {
    const { revoked } = this.settings;
    const periods = periodsThatLast(this.terms, this.today);
    const entries = revoked.flatMap(({ serial, since }) =>
      periods.map((period) => ({
        serial: serial.slice(0, REQUEST_DIGITS) + periodDigits(period),
        since,
      })),
    );
    const own = daysOfAuthority(this.terms);
    const from = [own.from, ...revoked.map(({ since }) => since)].sort().at(-1) ?? own.from;
    const number = dayNumber(from) * 0x10000 + entries.length;
    const body = listBody({
      ...{ issuer: this.issuer, from, until: own.until, number, revoked: entries },
    });
    return this.signed("X509 CRL", body);
  }

  private signed(label: string, body: Uint8Array): string {
    const signature = bits(sign("sha256", body, this.secret));
    const whole = sequence(body, SIGNATURE_ALGORITHM, signature);
    return armoured(label, Buffer.from(whole).toString("base64"));
  }
}

/** Two fixed bits make it positive, and of one length. */
function serialStart(text: string, keyInfo: Uint8Array): string {
  const digest = createHash("sha256").update(keyInfo).update(text).digest();
  digest[0] = ((digest[0] ?? 0) & 0x3f) | 0x40;
  return digest.toString("hex").slice(0, REQUEST_DIGITS);
}

const periodDigits = (period: number): string => period.toString(16).padStart(4, "0");

const keyId = (keyInfo: Uint8Array): Uint8Array => createHash("sha1").update(keyInfo).digest();
