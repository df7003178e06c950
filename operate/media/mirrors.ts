/** Asked in this order. None of them is trusted: the signature decides. */
export const MIRRORS = [
  "https://cdn.openbsd.org/pub/OpenBSD",
  "https://cloudflare.cdn.openbsd.org/pub/OpenBSD",
  "https://ftp.openbsd.org/pub/OpenBSD",
  "https://ftp.eu.openbsd.org/pub/OpenBSD",
] as const;
