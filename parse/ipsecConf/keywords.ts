/** Words that have to be quoted to be values (ipsecctl/parse.y, lookup). */
export const KEYWORDS: ReadonlySet<string> = new Set([
  ...["acquire", "active", "aggressive", "ah", "any", "auth", "authkey", "bundle", "bypass"],
  ...["comp", "deny", "dontacq", "dstid", "dynamic", "enc", "enckey", "esp", "file", "flow"],
  ...["from", "group", "ike", "in", "include", "interface", "ipcomp", "ipip", "lifetime"],
  ...["local", "main", "out", "passive", "peer", "port", "proto", "psk", "quick", "require"],
  ...["rsa", "spi", "srcid", "tag", "tcpmd5", "to", "transport", "tunnel", "type", "udpencap"],
  "use",
]);
