import type { StackConfig } from "../config/schema";
import { ikedGlobals } from "./ikedConf";
import { isakmpdConf } from "./isakmpdConf";

/** The chosen daemon's settings that belong to no tunnel: input of `gwctl ike DAEMON`. */
export function ikeGlobals(config: StackConfig): string {
  switch (config.ike.daemon) {
    case "iked":
      return ikedGlobals(config);
    case "isakmpd":
      return isakmpdConf(config);
  }
}
