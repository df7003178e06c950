import { loadConfig } from "../config/load";
import { ENC0 } from "../render/hostnameIf";
import { ikeGlobals } from "../render/ikeGlobals";
import { pfConf } from "../render/pfConf";
import { sysctlConf } from "../render/sysctlConf";
import { tunnelFile } from "../render/tunnelFile";
import type { Values } from "./stackValues";
import { today } from "../workstation/today";

export interface RemoteFile {
  readonly path: string;
  readonly text: string;
  /** What refuses it, before it is renamed to `path`: a command that takes the name `path.new`. */
  readonly check?: string;
  /** What makes the gateway use it. */
  readonly activate?: string;
}

/**
 * The files of a gateway, as a tool would write them that knows nothing of gwctl, in a directory of
 * the bench's own: two owners of /etc/iked.conf would fight.
 */
export function gatewayFiles(values: Values): RemoteFile[] {
  const { config } = loadConfig({
    object: (key) => values[key],
    secret: () => undefined,
    today: today(),
  });
  const key = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ";
  const at = (name: string): string => `/root/bench/${name}`;
  const tunnels = config.tunnels.map((tunnel) => ({
    path: at(`iked/${tunnel.name}.conf`),
    text: tunnelFile(config, tunnel, key),
    check: `iked -n -f ${at(`iked/${tunnel.name}.conf`)}.new`,
  }));
  const includes = [at("iked/_globals.conf"), ...tunnels.map(({ path }) => path)];
  return [
    {
      path: at("sysctl.conf"),
      text: sysctlConf(config),
      activate: "sysctl net.inet.ip.forwarding=1",
    },
    { path: at("hostname.enc0"), text: ENC0, activate: "ifconfig enc0 up" },
    {
      path: at("pf.conf"),
      text: pfConf(config),
      check: "pfctl -nf /root/bench/pf.conf.new",
      activate: "pfctl -f /root/bench/pf.conf",
    },
    { path: at("iked/_globals.conf"), text: ikeGlobals(config) },
    ...tunnels,
    {
      path: at("iked.conf"),
      text: includes.map((path) => `include "${path}"\n`).join(""),
      check: "iked -n -f /root/bench/iked.conf.new",
      activate: "rcctl reload iked && rcctl check iked",
    },
  ];
}

export const shellQuote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
