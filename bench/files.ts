import { loadConfig } from "../config/load";
import type { Daemon } from "../config/schema";
import { hostnameEnc0 } from "../render/hostnameIf";
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
 * the bench's own: two owners of the daemon's rules would fight.
 */
export function gatewayFiles(values: Values): RemoteFile[] {
  const { config } = loadConfig({
    object: (key) => values[key],
    secret: () => undefined,
    today: today(),
  });
  const key = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ";
  const { daemon } = config.ike;
  const rules = RULES[daemon];
  const tunnels = config.tunnels.map((tunnel) => ({
    path: at(`tunnels/${tunnel.name}.conf`),
    text: tunnelFile(config, tunnel, key),
    check: `${rules.check} ${at(`tunnels/${tunnel.name}.conf`)}.new`,
  }));
  const globals = at(rules.globals);
  const included = [...(daemon === "iked" ? [globals] : []), ...tunnels.map(({ path }) => path)];
  return [
    {
      path: at("sysctl.conf"),
      text: sysctlConf(config),
      activate: "sysctl net.inet.ip.forwarding=1",
    },
    { path: at("hostname.enc0"), text: hostnameEnc0(config), activate: "ifconfig enc0 up" },
    {
      path: at("pf.conf"),
      text: pfConf(config),
      check: "pfctl -nf /root/bench/pf.conf.new",
      activate: "pfctl -f /root/bench/pf.conf",
    },
    { path: globals, text: ikeGlobals(config) },
    ...tunnels,
    {
      path: at(ALL_RULES),
      text: included.map((path) => `include "${path}"\n`).join(""),
      check: `${rules.check} ${at(ALL_RULES)}.new`,
      activate: rules.activate,
    },
  ];
}

const at = (name: string): string => `/root/bench/${name}`;

/** The file that includes all the others, which makes the daemon know them. */
export const ALL_RULES = "rules.conf";

const RULES: Record<
  Daemon,
  { readonly globals: string; readonly check: string; readonly activate: string }
> = {
  iked: {
    globals: "_globals.conf",
    check: "iked -n -f",
    activate: "rcctl reload iked && rcctl check iked",
  },
  isakmpd: {
    globals: "isakmpd.conf",
    check: "ipsecctl -n -f",
    activate: `ipsecctl -f ${at(ALL_RULES)} && rcctl check isakmpd`,
  },
};

export const shellQuote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
