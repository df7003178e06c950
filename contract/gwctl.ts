import { z } from "zod";

/**
 * The forms of gwctl's own lines: the schemas check by them, parse/ reads by them.
 * Times are seconds since 1970; 0 is never.
 */
export const GWCTL_LINE = {
  version: /^version (?<version>\d+)$/,
  file: /^(?<sha256>[0-9a-f]{64}) (?<mode>[0-7]{4}) (?<path>\/.+)$/,
  service: /^(?<name>\w+) (?<wanted>on|off) (?<actual>running|stopped)(?: (?<flags>.+))?$/,
  key: /^(?<daemon>iked|isakmpd) (?<sha256>[0-9a-f]{64})$/,
  tunnel: /^(?<name>\S+) (?<daemon>iked|isakmpd) (?<state>up|down|disabled|unresolved)$/,
  name: /^(?<name>\S+) (?<host>\S+) (?<address>[0-9a-fA-F.:]+|-)(?: (?<reason>.+))?$/,
  group:
    /^(?<name>\S+) (?<group>\S+) (?<priority>\d{1,3}) (?<state>on|off) (?<since>\d{1,12})(?: (?<reason>.+))?$/,
  proposalRecord: /^(?<name>\S+) since (?<since>\d{1,6}) looked (?<looked>\d{1,6})$/,
  proposalSeen:
    /^(?<name>\S+) (?<phase>ike|esp) (?<day>\d{1,6}) (?<words>[a-z0-9-]+(?: [a-z0-9-]+)*)$/,
  checksum: /^(?<kind>pf|pfuser) (?<which>loaded|file) (?<sha256>[0-9a-f]{64})$/,
  bootRules: /^pf boot$/,
  trial: /^(?<kind>\w+) trial (?<end>\d{1,12})$/,
  stuck: /^(?<kind>\w+) stuck (?<since>\d{1,12}) (?<instead>.+)$/,
  sysctl: /^(?<name>[\w.-]+)=(?<value>.*)$/,
  watchedDaemon:
    /^daemon (?<daemon>iked|isakmpd) starts=(?<starts>\d{1,9}) last=(?<last>\d{1,12})(?: (?<reason>.*))?$/,
  watchedTunnel:
    /^(?<name>\S+) failures=(?<failures>\d{1,9}) resets=(?<resets>\d{1,9}) last=(?<last>\d{1,12})(?: (?<reason>.*))?$/,
  seconds: /^(?<seconds>\d{1,12})$/,
  clock: /^(?<now>\d{1,12}) (?<zone>[+-]\d{4})$/,
  probe: /^(?<name>\S+) (?<sent>\d{1,6}) (?<received>\d{1,6}) (?<rtt>[\d.]{1,12}|-)$/,
  probeError: /^(?<name>\S+) error (?<error>.+)$/,
  mainFile: /^(?<how>missing|changed) (?<path>\/.+)$/,
  package: /^(?<spec>\S+) (?<name>\S+)$/,
  erratum: /^(?<what>installed|missing) (?<name>\d{3}_[\w-]+)$/,
  errataUnknown: /^unknown (?<why>.+)$/,
  rebootNeeded: /^reboot needed$/,
} as const;

/** Lines of gwctl's own, each of one of the forms. */
const own = (...forms: readonly RegExp[]) =>
  z.array(z.string().refine((line) => forms.some((form) => form.test(line))));
/** Lines as a program of OpenBSD prints them. */
const printed = z.array(z.string());

/** What `gwctl state` prints: the lines of each section `--- NAME`, in this order. */
export const gwctlState = z.strictObject({
  gwctl: own(GWCTL_LINE.version).length(1),
  /** SHA-256, permissions and path of each managed file. */
  files: own(GWCTL_LINE.file),
  /** Whether each service is wanted and runs, and its flags. */
  services: own(GWCTL_LINE.service),
  /** SHA-256 of the public half of a daemon's own key, PEM, where a tunnel needs it. */
  keys: own(GWCTL_LINE.key),
  tunnels: own(GWCTL_LINE.tunnel),
  /** Of a peer that is given by name: the address in use, or none, and what is wrong with its last answer. */
  names: own(GWCTL_LINE.name),
  /** Of tunnels with several proposals of a phase: when SAs of which algorithms were last seen, in days since 1970. */
  proposals: own(GWCTL_LINE.proposalRecord, GWCTL_LINE.proposalSeen),
  /** `ipsecctl -s flow`, with ports as numbers. */
  flows: printed,
  /** `ipsecctl -s sa`, without keys. */
  sas: printed,
  /** `ikectl show sa`, or isakmpd's report. */
  ike: printed,
  /** `ifconfig sec` and `ifconfig gre`, and the routes over these interfaces. */
  sec: printed,
  /** Of each tunnel of a group: whether its routes are in, since when, and why. */
  groups: own(GWCTL_LINE.group),
  /** `pfctl -s info` */
  pf: printed,
  /** Checksums of rules; texts on trial with the end of the trial; texts that do not run. */
  rules: own(GWCTL_LINE.checksum, GWCTL_LINE.bootRules, GWCTL_LINE.trial, GWCTL_LINE.stuck),
  sysctls: own(GWCTL_LINE.sysctl),
  watchdog: own(GWCTL_LINE.watchedDaemon, GWCTL_LINE.watchedTunnel),
  /** Seconds since boot. */
  uptime: own(GWCTL_LINE.seconds).length(1),
});

/** What `gwctl live` prints: the state, the probes, and the counters before and after both. */
export const gwctlLive = gwctlState.extend({
  /** Seconds since 1970, and the time zone of the log. */
  clock: own(GWCTL_LINE.clock).length(1),
  /** Lines of iked in /var/log/daemon. */
  log: printed,
  /** `ipsecctl -vv -s sa`, without keys. */
  before: printed,
  /** Packets sent and received, and the average time in ms; or why ping failed. */
  probes: own(GWCTL_LINE.probe, GWCTL_LINE.probeError),
  after: printed,
});

/** What `gwctl drift` prints: the state, then what only a comparison needs. */
export const gwctlDrift = gwctlState.extend({
  /** The IKE daemon's main file, where it is not what follows from the tunnels. */
  main: own(GWCTL_LINE.mainFile),
  /** Of each package that was asked for: what is installed, or `-`. */
  packages: own(GWCTL_LINE.package),
});

/** What `gwctl drift errata` prints; `gwctl patches` prints the lines of the last section alone. */
export const gwctlDriftErrata = gwctlDrift.extend({
  errata: own(GWCTL_LINE.erratum, GWCTL_LINE.errataUnknown, GWCTL_LINE.rebootNeeded),
});

export type StateSection = keyof typeof gwctlState.shape;
export type LiveSection = keyof typeof gwctlLive.shape;
export type DriftSection = keyof typeof gwctlDriftErrata.shape;
