/** For the gateway's sh: the tunnel's text, whichever daemon has it. */
export function printTunnelText(name: string): string {
  return `cat /etc/iked/${name}.conf /etc/ipsec/${name}.conf 2>/dev/null`;
}

/** For the gateway's sh: where a peer that is given by name is now. */
export function printPeer(name: string): string {
  return `${printTunnelText(name)} | sed -n 's/^# gwctl peer //p'`;
}
