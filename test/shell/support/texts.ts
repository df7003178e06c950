/** Texts as the renderers write them, as far as gwctl looks into them. */

export const WEST_PSK = "WestSecret7hQ2mZ9x";
export const EAST_PSK = "EastSecret4kT8vB1c";

export interface TunnelText {
  name?: string;
  /** Of phase 2, seconds. */
  lifetime?: number;
  /** Of phase 1, seconds. */
  ikeLifetime?: number;
  psk?: string;
  /** In place of the address that belongs to the name. */
  peer?: string;
  /** A word that a fake reacts to: BAD is refused, UNLOADABLE fails when it is loaded. */
  word?: string;
  /** Further header lines. */
  header?: string[];
  /** The peer's id, by its type; of iked's tunnels only. */
  id?: string;
}

const PEERS: Record<string, string> = { west: "198.51.100.11", east: "198.51.100.12" };
const PSKS: Record<string, string> = { west: WEST_PSK, east: EAST_PSK };

export function ikedTunnel(text: TunnelText): string {
  const { name = "west", lifetime = 3600, word = "", psk, header = [] } = text;
  const { id = `FQDN/${name}.example.net`, peer = PEERS[name] ?? "" } = text;
  const mode = peer === "any" ? "passive" : "active";
  return [
    ...header,
    `# gwctl peer ${peer}`,
    `# gwctl dstid ${id}`,
    `ikev2 "${name}" ${mode} esp peer ${peer} dstid ${name}.example.net lifetime ${lifetime} psk "${psk ?? PSKS[name] ?? ""}" ${word}`,
    "",
  ].join("\n");
}

export function isakmpdTunnel(text: TunnelText): string {
  const { name = "west", lifetime = 3600, ikeLifetime = 28800, word = "", psk } = text;
  const { header = [] } = text;
  const peer = PEERS[name] ?? "";
  return [
    ...header,
    `# gwctl peer ${peer}`,
    `# gwctl dstid FQDN/${name}.example.net`,
    `# gwctl phase1 peer-${peer}-local-10.10.0.2`,
    `ike active esp from 10.10.0.0/24 to 10.20.0.0/24 local 10.10.0.2 peer ${peer} main auth hmac-sha2-256 enc aes-256 lifetime ${ikeLifetime} quick enc aes-256 lifetime ${lifetime} srcid gw dstid ${name} psk "${psk ?? PSKS[name] ?? ""}" tag "${name}" ${word}`,
    "",
  ].join("\n");
}

export const IKED_ON = "isakmpd_flags=NO\nipsec=NO\niked_flags=\n";
export const ISAKMPD_ON = "iked_flags=NO\nisakmpd_flags=-K\nipsec=YES\n";

/** iked's own key, as far as the fake openssl looks into it. */
export const IKED_KEY = "-----BEGIN EC PRIVATE KEY-----\n";

export interface NamedText {
  name?: string;
  host?: string;
  lifetime?: number;
  word?: string;
  header?: string[];
  /** The family of the gateway's address, that address, and further ones that are its own. */
  ours?: string;
}

/** A tunnel whose peer is given by name, as it is sent: the lines that have the address stand by themselves. */
export function namedTunnel(daemon: "iked" | "isakmpd", text: NamedText): string {
  const { name = "west", host = "", lifetime = 3600, word = "", header = [] } = text;
  const { ours = "inet 10.10.0.2 198.51.100.1" } = text;
  const own = ours.split(" ")[1] ?? "";
  return [
    `# gwctl peer ${host}`,
    `# gwctl name ${host} ${ours}`,
    `# gwctl dstid FQDN/${name}.example.net`,
    ...(daemon === "isakmpd" ? [`# gwctl phase1 peer-${host}-local-${own}`] : []),
    ...header,
    ...(daemon === "iked"
      ? [`ikev2 "${name}" active esp \\`, "\tfrom 10.10.0.0/24 to 10.20.0.0/24 \\"]
      : ["ike active esp from 10.10.0.0/24 to 10.20.0.0/24 \\"]),
    `\tlocal ${own} peer ${host} \\`,
    `\tsrcid gw dstid ${name}.example.net lifetime ${lifetime} psk "${PSKS[name] ?? ""}" ${word}`,
    "",
  ].join("\n");
}
