import type { StackConfig, Tunnel } from "../config/schema";
import { ikedTunnel } from "./ikedConf";
import { ipsecTunnel } from "./ipsecConf";

/**
 * The tunnel's file for the chosen daemon: input of `gwctl tunnel put DAEMON NAME`. Holds the key.
 * @param psk the key, of a tunnel with `auth: psk`
 */
export function tunnelFile(config: StackConfig, tunnel: Tunnel, psk?: string): string {
  switch (config.ike.daemon) {
    case "iked":
      return ikedTunnel(config, tunnel, psk);
    case "isakmpd":
      return ipsecTunnel(config, tunnel, psk);
  }
}
