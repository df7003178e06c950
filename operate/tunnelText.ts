/** For the gateway's sh: the tunnel's text, whichever daemon has it. */
export function printTunnelText(name: string): string {
  return `cat /etc/iked/${name}.conf /etc/ipsec/${name}.conf 2>/dev/null`;
}
