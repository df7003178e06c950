import type { Daemon } from "../config/schema";
import { lines } from "./text";

/**
 * The lines of rc.conf.local(8) that choose the IKE daemon: input of `gwctl services`. `-K`: isakmpd
 * takes its policy from ipsec.conf and reads no keynote file; `-v`: its log tells of successes as well, without which
 * nobody could tell from it since when a tunnel is down. One daemon only: both want UDP 500.
 */
export function rcConfLocal(daemon: Daemon): string {
  switch (daemon) {
    case "iked":
      return lines("isakmpd_flags=NO", "ipsec=NO", "iked_flags=");
    case "isakmpd":
      return lines("iked_flags=NO", "isakmpd_flags=-K -v", "ipsec=YES");
  }
}
