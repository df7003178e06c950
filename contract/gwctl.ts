import { z } from "zod";

/**
 * The forms of gwctl's own lines: the schemas check by them, parse/ reads by them.
 * Times are seconds since 1970; 0 is never.
 */
export const LINE = {
  watchedDaemon:
    /^daemon (?<daemon>iked|isakmpd) starts=(?<starts>\d{1,9}) last=(?<last>\d{1,12})(?: (?<reason>.*))?$/,
  watchedTunnel:
    /^(?<name>\S+) failures=(?<failures>\d{1,9}) resets=(?<resets>\d{1,9}) last=(?<last>\d{1,12})(?: (?<reason>.*))?$/,
} as const;

/** Lines of gwctl's own, each of one of the forms. */
const own = (...forms: readonly RegExp[]) =>
  z.array(z.string().refine((line) => forms.some((form) => form.test(line))));
/** Lines as a program of OpenBSD prints them. */
const printed = z.array(z.string());

/** What `gwctl state` prints: the lines of each section `--- NAME`, in this order. */
export const gwctlState = z.strictObject({
  gwctl: own(/^version \d+$/).length(1),
  /** SHA-256, permissions and path of each managed file. */
  files: own(/^[0-9a-f]{64} [0-7]{4} \/.+$/),
  /** Whether each service is wanted and runs, and its flags. */
  services: own(/^\w+ (on|off) (running|stopped)( .+)?$/),
  /** SHA-256 of the public half of a daemon's own key, PEM, where a tunnel needs it. */
  keys: own(/^(iked|isakmpd) [0-9a-f]{64}$/),
  tunnels: own(/^\S+ (iked|isakmpd) (up|down|disabled)$/),
  /** `ipsecctl -s flow`, with ports as numbers. */
  flows: printed,
  /** `ipsecctl -s sa`, without keys. */
  sas: printed,
  /** `ikectl show sa`, or isakmpd's report. */
  ike: printed,
  /** `ifconfig sec`, and the routes over these interfaces. */
  sec: printed,
  /** `pfctl -s info` */
  pf: printed,
  /** Checksums of rules; texts on trial with the end of the trial (seconds since 1970); texts that do not run. */
  rules: own(/^((pf|pfuser) (loaded|file) [0-9a-f]{64}|pf boot|\w+ trial \d+|\w+ stuck \d+ .+)$/),
  sysctls: own(/^[\w.-]+=.*$/),
  watchdog: own(LINE.watchedDaemon, LINE.watchedTunnel),
  /** Seconds since boot. */
  uptime: own(/^\d+$/).length(1),
});

/** What `gwctl live` prints: the state, then the counters before and after the probes. */
export const gwctlLive = gwctlState.extend({
  /** Seconds since 1970, and the time zone of the log. */
  clock: own(/^\d+ [+-]\d{4}$/).length(1),
  /** Lines of iked in /var/log/daemon. */
  log: printed,
  /** `ipsecctl -vv -s sa`, without keys. */
  before: printed,
  /** Packets sent and received, and the average time in ms; or why ping failed. */
  probes: own(/^\S+ (\d+ \d+ ([\d.]+|-)|error .+)$/),
  after: printed,
});

export type StateSection = keyof typeof gwctlState.shape;
export type LiveSection = keyof typeof gwctlLive.shape;
