import { printPeer } from "../tunnelText";

/**
 * For the gateway's sh: where a peer that is given by name was when the first of the log's last lines was
 * written. Until the first move that they tell of it was elsewhere than now.
 */
export function askPeer(name: string, lines: number): string {
  const moved = `s/^.* gwctl: watch: ${name}: [^ ]* moved from \\([^ ]*\\) to [^ ]*$/\\1/p`;
  return `before=$(tail -n ${lines} /var/log/daemon | sed -n '${moved}' | head -n 1)
echo "peer \${before:-$(${printPeer(name)})}"
`;
}

/** Its answer, which comes before the lines of the log. */
export const peerIn = (line: string): string | undefined => /^peer (\S+)$/.exec(line)?.[1];
