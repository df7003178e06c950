// ipsec.conf(5), iked.conf(5) and isakmpd's FIFO commands (isakmpd.conf(5), Authentication), as they may
// be quoted in an error message; `-k` output of ipsecctl.
const SECRETS: readonly RegExp[] = [
  /(\bpsk[ \t]+)(?:"[^"]*"?|'[^']*'?|\S+)/g,
  /(\bAuthentication=)\S+/g,
  /(\b(?:auth|enc)key[ \t]+)\S+/g,
  /(\bpre-?shared[ -]key[ \t]*[:=]?[ \t]*)(?:"[^"]*"?|0[sx]\S+)/gi,
];

/** The line without what could be a key. */
export function redacted(line: string): string {
  return SECRETS.reduce((text, secret) => text.replace(secret, "$1***"), line);
}
