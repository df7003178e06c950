import type { Row } from "./scenario";

const PING = "ping -n -c 2 -W 2 HOST";
const PING_BACK = "ping -n -c 2 -W 2 -I HOST 10.10.0.100";
/** The office's hosts, and one on the LAN of a branch that has no scenario. */
export const FIRST = "10.10.0.100";
export const SECOND = "10.10.0.200";
export const SPARE = "10.20.126.100";
export const SPARE_LAN = "10.20.126.0/24";

/** What both ends serve, by TCP and UDP. */
export const PORTS = [8080, 8081] as const;
const connect = (port: number): string => `timeout 3 cat < /dev/tcp/HOST/${port}`;
/** Of a machine with many addresses, from one of them. */
export const connectFrom = (from: string, to: string, port: number): string =>
  `timeout 3 node -e 'require("net").connect({ host: "${to}", port: ${port}, localAddress: "${from}" }).pipe(process.stdout)'`;
export const datagram = (port: number): string =>
  `exec 3<>/dev/udp/HOST/${port}; echo >&3; timeout 3 head -n 1 <&3`;
export const between = (from: string, to: string): string => `ping -n -c 2 -W 2 -I ${from} ${to}`;
export const DECLARED = connect(PORTS[0]);
export const OTHER = connect(PORTS[1]);
export const KERNEL = "ipsecctl -s all";

export const OUT: Row = ["office", PING, / 2 received/, "YES"];
export const NOT_OUT: Row = ["office", PING, / [12] received/, "NO"];
export const BACK: Row = ["branch", PING_BACK, / 2 received/, "YES"];
export const NOT_BACK: Row = ["branch", PING_BACK, / [12] received/, "NO"];
/** Nothing but its own networks goes through a tunnel. */
export const NOT_ELSEWHERE: Row = ["office", between(FIRST, SPARE), / [12] received/, "NO"];
export const TCP_OUT: Row = ["office", DECLARED, /served 10\.10\.0\.100/, "YES"];
export const NO_TCP_OUT: Row = ["office", DECLARED, /served/, "NO"];

// The Linux under the stand-in's iked has no other ESP.
export const ESP = { encryption: "aes-256", integrity: "hmac-sha2-512" };
export const UNPROBED = { probe: undefined };

/** How many of three pings of the gateway to HOST left through the tunnel to the peer. */
export const leftThrough = (peer: string): string =>
  `sent() { ipsecctl -vv -s sa | awk '/ esp tunnel / { its = / to ${peer} / } its && /output packet/ { n += $1 } END { print n + 0 }'; }
   before=$(sent); ping -n -q -c 3 -I 10.10.0.2 HOST; echo "$(($(sent) - before)) left"`;
export const WIDE = "198.51.100.110";
