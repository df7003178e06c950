import { z } from "zod";

/** A string of one form; `what` and `fix` become the two halves of the error. */
export function matching(form: RegExp, what: string, fix: string) {
  return z.string().refine((value) => form.test(value), { params: { what, fix } });
}

export const name = (longest: number) =>
  matching(
    new RegExp(`^[a-z][a-z0-9-]{0,${longest - 1}}$`),
    "is not a usable name",
    `write 1 to ${longest} of a-z, 0-9 and "-", starting with a letter`,
  );

/** Printable, no blank, nothing that a shell, XML or URI would read as more than text. */
export const text = matching(/^[\x21-\x7e]+$/, "is empty or has blanks", "write it without blanks");

export const identifier = matching(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
  "is not a usable name",
  'write up to 63 letters, digits, ".", "_" and "-"',
);

export const interfaceName = matching(
  /^[A-Za-z][A-Za-z0-9_.-]{0,14}$/,
  "is not an interface name",
  "write the name the system shows, such as vio0",
);

/** Type and key of an OpenSSH public key, as in known_hosts (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
export const publicKey = matching(
  /^(ssh|ecdsa|sk)-[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+=*$/,
  "is not a public host key",
  "write type and key as ssh-keyscan prints them, such as ssh-ed25519 AAAA…",
);

/** A line of authorized_keys, options and comment allowed (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
export const authorizedKey = matching(
  /^([\x21-\x7e][\x20-\x7e]* )?(ssh|ecdsa|sk)-[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+=*( [\x20-\x7e]*)?$/,
  "is not an SSH public key",
  "write one line of a .pub file, such as ssh-ed25519 AAAA… name",
);

/**
 * An IKE identity: address, FQDN or user@FQDN. isakmpd's FIFO cuts a section name (`id-VALUE`) at
 * 200 characters and ends it at `]` (isakmpd ui.c).
 */
export const identity = matching(
  /^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,179}$/,
  "is not an IKE identity",
  "write an address, a host name or user@host name",
);

/** A secret may stand here by mistake, so the message never shows the value. */
export const configKey = matching(
  /^[A-Za-z][A-Za-z0-9._-]{0,62}$/,
  "is not the name of a config key",
  "write the key's name, and set the secret with: pulumi config set --secret NAME",
);

export const port = z.int().min(1).max(65535);

/** Seconds to keep dialling a host that does not answer, as one that boots. */
export const connectTimeout = z.int().min(5).max(3600);

/** Free text that may stand in a log line. */
export const sentence = matching(
  /^\P{Cc}*[^\p{Cc}\s]\P{Cc}*$/u,
  "is empty or has more than one line",
  "write one line of text",
);

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

/** A Pulumi stack, as `pulumi stack ls` shows it. */
export const stackName = matching(
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/,
  "is not the name of a stack",
  "write the name that pulumi stack ls shows",
);
