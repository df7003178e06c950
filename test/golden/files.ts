import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { StackConfig } from "../../config/schema";
import { certificateFiles } from "../../render/certificates";
import { outsideAddress } from "../../config/arms";
import { addressOf } from "../../config/net";
import { tunnelInterface } from "../../config/tunnelInterface";
import { hostnameEnc0, hostnameTunnel } from "../../render/hostnameIf";
import { ikeGlobals } from "../../render/ikeGlobals";
import { pfConf } from "../../render/pfConf";
import { pfUserConf } from "../../render/pfUserConf";
import { peerKey } from "../../render/peerKey";
import { rcConfLocal } from "../../render/rcConfLocal";
import { sshdConf } from "../../render/sshdConf";
import { sysctlConf } from "../../render/sysctlConf";
import { tunnelFile } from "../../render/tunnelFile";
import { GOLDEN_PSK } from "./topologies";

/** Path on the gateway → text. */
export type Files = ReadonlyMap<string, string>;

/** Every file that the declaration renders to. */
export function renderAll(config: StackConfig): Files {
  const { daemon } = config.ike;
  const globals = daemon === "iked" ? "etc/iked/_globals.conf" : "etc/isakmpd/isakmpd.conf";
  const folder = daemon === "iked" ? "etc/iked" : "etc/ipsec";
  return new Map([
    ["etc/pf.conf", pfConf(config)],
    ["etc/pf.user.conf", pfUserConf(config)],
    ["etc/sysctl.conf", sysctlConf(config)],
    ["etc/hostname.enc0", hostnameEnc0(config)],
    ...config.tunnels.flatMap((tunnel) => {
      const own = tunnelInterface(tunnel);
      const outside = addressOf(outsideAddress(config.network));
      return own
        ? [[`etc/hostname.${own.name}`, hostnameTunnel(own, tunnel, outside)] as const]
        : [];
    }),
    ["etc/ssh/sshd_config", sshdConf(config)],
    ["etc/rc.conf.local", rcConfLocal(daemon)],
    [globals, ikeGlobals(config)],
    ...certificateFiles(daemon, config.ike.certificates ?? {}).map(
      ({ path, text }) => [path.slice(1), text] as const,
    ),
    ...config.tunnels.flatMap((tunnel) => {
      const key = peerKey(daemon, tunnel);
      return key ? [[key.path.slice(1), key.text] as const] : [];
    }),
    ...config.tunnels.map(
      (tunnel) =>
        [`${folder}/${tunnel.name}.conf`, tunnelFile(config, tunnel, GOLDEN_PSK)] as const,
    ),
  ]);
}

/** Every file below the folder, by its path in it; empty if the folder is not there. */
export function readAll(folder: string): Files {
  const entries = (() => {
    try {
      return readdirSync(folder, { recursive: true, withFileTypes: true });
    } catch {
      return [];
    }
  })();
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path, "utf8")]),
  );
}
