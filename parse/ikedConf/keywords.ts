/** Words that have to be quoted to be values (iked/parse.y, lookup). */
export const KEYWORDS: ReadonlySet<string> = new Set([
  ...["active", "ah", "any", "auth", "bytes", "cert_partial_chain", "childsa", "config", "couple"],
  ...["decouple", "default", "dpd_check_interval", "dstid", "dynamic", "eap", "enc"],
  ...["enforcesingleikesa", "esn", "esp", "file", "flow", "fragmentation", "from", "group"],
  ...["iface", "ike", "ikelifetime", "ikesa", "ikev2", "include", "inet", "inet6", "ipcomp"],
  ...["lifetime", "local", "maxage", "mobike", "name", "natt", "noenforcesingleikesa", "noesn"],
  ...["nofragmentation", "nomobike", "nostickyaddress", "novendorid", "ocsp", "passive", "peer"],
  ...["port", "prf", "proto", "psk", "quick", "radius", "rdomain", "request", "sa", "set", "skip"],
  ...["srcid", "stickyaddress", "tag", "tap", "tcpmd5", "to", "tolerate", "transport", "tunnel"],
  ...["user", "vendorid"],
]);
