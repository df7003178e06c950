import { setDirectory, type Release } from "../config/releases";
import type { SERIAL_SPEEDS } from "../contract/media";

export type SerialSpeed = (typeof SERIAL_SPEEDS)[number];

export interface BootConfValues {
  readonly release: Release;
  /** bit/s of com0. */
  readonly serialSpeed: SerialSpeed;
}

/**
 * boot.conf(8) of the install CD: the loader's own default is the VGA console, where nobody looks.
 *
 * `stty` stands before `set tty`: the other way round the loader pauses to let the operator change
 * the speed. The image is also cdboot's compiled-in default, but not the UEFI loader's.
 */
export function bootConf({ release, serialSpeed }: BootConfValues): string {
  return [
    `stty com0 ${serialSpeed}`,
    "set tty com0",
    `set image /${setDirectory(release)}/bsd.rd`,
    "set timeout 2",
    "",
  ].join("\n");
}
