import { z } from "zod";
import { DISTINGUISHED_NAME } from "../identity";

/** No honest value of one line is longer; a public key of RSA may be. */
const LONGEST = 1024;
const LONGEST_KEY = 8192;
/** Pulumi hands a program 128 KiB of configuration. */
const LONGEST_PEM = 65_536;

/** A string of one form; `what` and `fix` become the two halves of the error. */
export function matching(form: RegExp, what: string, fix: string, longest = LONGEST) {
  const fits = (value: string): boolean => value.length <= longest && form.test(value);
  const refined = z.string().refine(fits, { params: { what, fix } });
  // For editors; those that read a pattern without the flag u would take \p for another character.
  return form.unicode
    ? refined
    : refined.meta({ pattern: form.source, patternErrorMessage: `${what}: ${fix}` });
}

export const name = (longest: number) =>
  matching(
    new RegExp(`^[a-z][a-z0-9-]{0,${longest - 1}}$`),
    "is not a usable name",
    `write 1 to ${longest} of a-z, 0-9 and "-", starting with a letter`,
  ).meta({ form: "name" });

export const identifier = matching(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
  "is not a usable name",
  'write up to 63 letters, digits, ".", "_" and "-"',
).meta({ form: "name" });

export const interfaceName = matching(
  /^[A-Za-z][A-Za-z0-9_.-]{0,14}$/,
  "is not an interface name",
  "write the name the system shows, such as vio0",
).meta({ form: "interface" });

export const macAddress = matching(
  /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/,
  "is not a unicast MAC address in lower case",
  "write one such as 52:54:00:0a:0a:02",
).meta({ form: "MAC address" });

/** Type and key of an OpenSSH public key, as in known_hosts (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
export const publicKey = matching(
  /^(ssh|ecdsa|sk)-[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+=*$/,
  "is not a public host key",
  "write type and key as ssh-keyscan prints them, such as ssh-ed25519 AAAA…",
  LONGEST_KEY,
).meta({ form: "public key" });

/** A line of authorized_keys, options and comment allowed (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
export const authorizedKey = matching(
  /^([\x21-\x7e][\x20-\x7e]* )?(ssh|ecdsa|sk)-[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+=*( [\x20-\x7e]*)?$/,
  "is not an SSH public key",
  "write one line of a .pub file, such as ssh-ed25519 AAAA… name",
  LONGEST_KEY,
).meta({ form: "public key" });

const NAMED_IDENTITY = /[A-Za-z0-9][A-Za-z0-9._:@+-]{0,179}/;
/** Refused by the rules, which say why. */
const KEY_ID = /@#[A-Za-z0-9]{1,178}/;

/**
 * An IKE identity: address, FQDN, user@FQDN or distinguished name. isakmpd's FIFO cuts a section name
 * (`id-VALUE`) at 200 characters and ends it at `]` (isakmpd ui.c). gwctl takes none for a pattern.
 */
export const identity = matching(
  new RegExp(
    `^(?:${NAMED_IDENTITY.source}|${KEY_ID.source}|(?=.{1,400}$)${DISTINGUISHED_NAME.source.slice(1, -1)})$`,
  ),
  "is not an IKE identity",
  "write an address, a host name, user@host name or a distinguished name such as /C=DE/CN=west",
).meta({ form: "IKE identity" });

/** A private key may stand here by mistake, so no message ever shows the value. */
export const publicKeyText = matching(
  /^[\x20-\x7e\r\n\t]+$/,
  "is empty, too long or no plain text",
  "write the PEM text that openssl pkey -in KEY -pubout prints",
  LONGEST_KEY,
).meta({ form: "public key" });

/** A private key may stand here by mistake, so no message ever shows the value. */
export const pem = matching(
  /^[\x20-\x7e\r\n\t]+$/,
  "is empty, too long or no plain text",
  "write the PEM text, of at most 64 KiB",
  LONGEST_PEM,
).meta({ form: "PEM" });

/** A secret may stand here by mistake, so the message never shows the value. */
export const configKey = matching(
  /^[A-Za-z][A-Za-z0-9._-]{0,62}$/,
  "is not the name of a config key",
  "write the key's name, and set the secret with: pulumi config set --secret NAME",
).meta({ form: "config key" });

/**
 * What a rule reads by its meaning and may quote: an address, a network, an algorithm, in whatever
 * spelling a vendor has.
 */
export const quotable = matching(
  /^[\x20-\x7e]{1,200}$/,
  "is empty, has more than 200 characters, or some that are not plain ASCII",
  "write it in one line of plain characters",
);

export const address = quotable.meta({ form: "address" });

/** An address of the gateway's with the prefix of its network. */
export const addressWithPrefix = quotable.meta({ form: "address/prefix" });

/** A network in CIDR notation. */
export const networkCidr = quotable.meta({ form: "network" });

export const port = z.int().min(1).max(65535).meta({ form: "port" });

/** Seconds to keep dialling a host that does not answer, as one that boots. */
export const connectTimeout = z.int().min(5).max(3600).meta({ unit: "seconds" });

/** Free text that may stand in a log line: nothing in it may break the line or turn its direction. */
export const sentence = matching(
  /^(?=.*\S)[^\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+$/u,
  "is empty, has more than one line or is too long",
  "write one line of text",
).meta({ form: "text" });

/** The midnight that Pulumi puts behind a day without quotes. */
const MIDNIGHT = /(T00:00:00Z| 00:00:00 \+0000 UTC)$/;

/** A day that exists, YYYY-MM-DD: 2026-02-30 does not. */
export const calendarDate = z
  .string()
  .refine(
    (value) => {
      const day = value.replace(MIDNIGHT, "");
      const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T00:00:00Z` : NaN);
      return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
    },
    { params: { what: "is not a day", fix: "write one as YYYY-MM-DD" } },
  )
  .transform((value) => value.replace(MIDNIGHT, ""));

/** It becomes a line of installurl(5), and the beginning of an address to fetch from. */
export const mirror = matching(
  /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.:[\]_-]*(\/[A-Za-z0-9._~-]+)*$/,
  "is not the URL of a mirror",
  "write it up to and including pub/OpenBSD, such as https://cdn.openbsd.org/pub/OpenBSD",
).meta({ form: "URL" });

/** A Pulumi stack, as `pulumi stack ls` shows it. */
export const stackName = matching(
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/,
  "is not the name of a stack",
  "write the name that pulumi stack ls shows",
).meta({ form: "stack" });
