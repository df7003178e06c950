export interface DisklabelValues {
  /** Size of the disk, GiB. */
  readonly diskGiB: number;
}

/** Below this the separate file systems would each be too small to be of use. */
const SEPARATE_FROM_GIB = 10;

/** One line per file system: mount point, smallest-largest size, share of the disk. */
const SEPARATE = [
  "/           800M-1G",
  "swap        512M-1G 5%",
  "/tmp        256M-1G 5%",
  "/var        1G-4G   15%",
  // sysupgrade(8) brings every set and refuses to start with /usr 90 % full.
  "/usr        3G-8G   30%",
  "/usr/local  512M-4G 10%",
  // sysupgrade(8) keeps the sets of the next release here, about 0.8 GB.
  "/home       1500M-* 35%",
];

const ONE = ["/           1G-*    95%", "swap        128M-1G 5%"];

/**
 * Template for the installer's automatic partitioning (disklabel(8), AUTOMATIC DISK ALLOCATION).
 *
 * Logs that fill /var must not stop the system, and /home is the only one that may grow without
 * limit. A disk under 10 GiB gets one file system instead. The file has no comment lines:
 * disklabel(8) knows none.
 */
export function disklabelTemplate({ diskGiB }: DisklabelValues): string {
  return [...(diskGiB < SEPARATE_FROM_GIB ? ONE : SEPARATE), ""].join("\n");
}
