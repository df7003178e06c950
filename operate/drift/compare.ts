import type { Applied, AppliedFile } from "../../contract/applied";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { DriftSection } from "../../contract/gwctl";
import type { GatewayDrift } from "../../parse/gwctlDrift";
import type { RulesState } from "../../parse/gwctlState";
import { USER_ANCHOR, USER_FILE } from "../../render/pfUserConf";
import type { DriftFinding } from "../../contract/documents/operate";
import { exceptionsMissing, LOAD_EXCEPTIONS } from "../status/excepted";
import { interfaceProblems } from "../status/secProblems";
import { otherGwctl } from "../otherGwctl";
import type { Drift } from "./finding";

type Comparison = (
  applied: Applied,
  live: GatewayDrift,
  tunnels: readonly DeclaredTunnel[],
) => DriftFinding[];

/** Each comparison, and the sections that it cannot do without. */
const COMPARISONS: readonly [Comparison, ...DriftSection[]][] = [
  [files, "files"],
  [mainFiles, "main"],
  [ownKey, "keys"],
  [certificates, "files"],
  [services, "services", "tunnels"],
  [sysctls, "sysctls"],
  [packetFilter, "pf", "rules"],
  [unmanaged, "tunnels"],
  [interfaces, "sec"],
  [exceptions, "flows", "tunnels"],
  [packages, "packages"],
  [errata],
];

/** Compares the gateway with what the stack left there. Nothing is said of a section that is missing. Pure. */
export function compare(
  applied: Applied,
  live: GatewayDrift,
  tunnels: readonly DeclaredTunnel[],
): Drift {
  const possible = COMPARISONS.filter(([, ...sections]) =>
    sections.every((section) => !live.missing.has(section)),
  );
  return {
    findings: possible.flatMap(([comparison]) => comparison(applied, live, tunnels)),
    notes: notes(applied, live),
    unknown: live.sectionProblems.map((problem) => otherGwctl("drift", problem)),
  };
}

function files(applied: Applied, { state }: GatewayDrift): DriftFinding[] {
  const found = new Map(state.files.map((file) => [file.path, file]));
  const all = [
    ...applied.files.map((file) => ({ file, kind: "file" as const, what: file.path })),
    ...applied.tunnels.flatMap((tunnel) =>
      tunnel.files.map((file) => ({ file, kind: "tunnel" as const, what: tunnel.name })),
    ),
  ];
  return all.flatMap(({ file, kind, what }) => {
    const problem = fileProblem(file, found.get(file.path), kind === "tunnel");
    return problem === undefined ? [] : [{ kind, what, problem, steps: file.steps }];
  });
}

function fileProblem(
  { path, sha256, mode }: AppliedFile,
  found: { sha256: string; mode: string } | undefined,
  withPath: boolean,
): string | undefined {
  const which = withPath ? `${path} ` : "";
  if (found === undefined) return `${which}is missing`;
  if (found.sha256 !== sha256) return `${which}was changed`;
  return found.mode === mode ? undefined : `${which}has mode ${found.mode} instead of ${mode}`;
}

function mainFiles({ ike }: Applied, { main }: GatewayDrift): DriftFinding[] {
  return main.map(({ path, how }) => ({
    kind: "file",
    what: path,
    problem: how === "missing" ? "is missing" : "was changed",
    steps: ike.steps,
  }));
}

const CERTIFICATES = /^\/etc\/(iked|isakmpd)\/(?:ca|crls|certs)\//;

const HAVE_READ = {
  iked: "run rcctl reload iked",
  isakmpd: "run gateway tunnel restart for a tunnel with a certificate",
} as const;

/** The daemon believes every file of these directories, so that one too many is another authority. */
function certificates({ files: wanted }: Applied, { state }: GatewayDrift): DriftFinding[] {
  const known = new Set(wanted.map(({ path }) => path).filter((path) => CERTIFICATES.test(path)));
  const daemons = new Set([...known].map(daemonOf));
  return state.files
    .filter(
      ({ path }) => CERTIFICATES.test(path) && daemons.has(daemonOf(path)) && !known.has(path),
    )
    .map(({ path }) => ({
      kind: "file",
      what: path,
      problem: `is read by ${daemonOf(path)}, and not in the stack`,
      steps: [],
      fix: `write it in ike.certificates, or remove it there and ${HAVE_READ[daemonOf(path)]}`,
    }));
}

const daemonOf = (path: string): keyof typeof HAVE_READ =>
  CERTIFICATES.exec(path)?.[1] === "isakmpd" ? "isakmpd" : "iked";

/** Peers know the key that the stack's output shows. One that is gone cannot be put back, only read anew. */
function ownKey({ ownKey: key }: Applied, { state }: GatewayDrift): DriftFinding[] {
  if (!key) return [];
  const { daemon, sha256, steps } = key;
  const live = state.ownKeys.get(daemon);
  if (live === undefined || live === sha256) return [];
  return [
    {
      kind: "file",
      what: `/etc/${daemon}/private/local.key`,
      problem: "is another key than the output publicKey shows, or cannot be read",
      steps,
    },
  ];
}

const WATCHDOG = "gwctl_watch";

/** The daemon runs as long as there is a tunnel for it; the other one never does. */
function services(
  { services: { daemon, steps }, watchdog }: Applied,
  { state }: GatewayDrift,
): DriftFinding[] {
  const wanted = state.tunnels.some((tunnel) => tunnel.state === "up");
  return state.services.flatMap(({ name, enabled, running }): DriftFinding[] => {
    const on = name === WATCHDOG ? watchdog.enabled : name === daemon;
    const rests = name === daemon && !wanted;
    const problems = on
      ? [...(enabled ? [] : ["is not enabled"]), ...(running || rests ? [] : ["does not run"])]
      : [...(enabled ? ["is enabled"] : []), ...(running ? ["runs"] : [])];
    if (problems.length === 0) return [];
    const problem = problems.join(" and ");
    const anew = name === WATCHDOG ? watchdog.steps : steps;
    return [{ kind: "service", what: name, problem, steps: anew }];
  });
}

function sysctls({ sysctls: { values, steps } }: Applied, { state }: GatewayDrift): DriftFinding[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const live = state.sysctls.get(name);
    // A name that is not in the file is not asked for; the file itself was found to be changed then.
    if (live === undefined || live === value) return [];
    return [{ kind: "sysctl", what: name, problem: `is ${live} instead of ${value}`, steps }];
  });
}

/** Rules on trial are the file's only when they are confirmed. */
function packetFilter(applied: Applied, { state }: GatewayDrift): DriftFinding[] {
  const { enabled, rules, userRules, bootRules } = state.pf;
  const others = ({ loaded, file }: RulesState, kind: string) =>
    loaded !== file && !state.trials.has(kind);
  const problem = !enabled
    ? "is disabled"
    : bootRules
      ? "runs rc(8)'s own rules, SSH from anywhere and no IKE: /etc/pf.conf did not load at boot"
      : others(rules, "pf")
        ? "runs other rules than those of /etc/pf.conf"
        : undefined;
  const further = applied.files.find(({ path }) => path === USER_FILE);
  return [
    ...(problem === undefined
      ? []
      : [{ kind: "pf" as const, what: "pf", problem, steps: applied.pf.steps }]),
    ...(further !== undefined && others(userRules, "pfuser")
      ? [
          {
            kind: "pf" as const,
            what: "pf",
            problem: `runs other rules in the anchor ${USER_ANCHOR} than those of ${USER_FILE}`,
            steps: further.steps,
          },
        ]
      : []),
  ];
}

function unmanaged({ tunnels }: Applied, { state }: GatewayDrift): DriftFinding[] {
  const declared = new Set(tunnels.map(({ name }) => name));
  return state.tunnels.flatMap(({ name, daemon }) =>
    declared.has(name)
      ? []
      : [
          {
            kind: "tunnel",
            what: name,
            problem: `is on the gateway (${daemon}), and not in the stack`,
            steps: [],
            fix: `declare it, or remove it there: gwctl tunnel remove ${name}`,
          },
        ],
  );
}

/** Of route-based tunnels. The step that made an interface finds its file unchanged, and leaves it as it is. */
function interfaces(
  _: Applied,
  { state }: GatewayDrift,
  tunnels: readonly DeclaredTunnel[],
): DriftFinding[] {
  return tunnels.flatMap((tunnel) => {
    const fixes = new Map(interfaceProblems(state, tunnel).map(({ what, fix }) => [what, fix]));
    return [...fixes].map(([problem, fix]) => ({
      ...{ kind: "tunnel" as const, what: tunnel.name, problem, steps: [] },
      fix: `on the gateway: ${fix}`,
    }));
  });
}

/** Of a tunnel for every address. Its step finds the tunnel's file unchanged, and leaves the kernel as it is. */
function exceptions(
  _: Applied,
  { state }: GatewayDrift,
  tunnels: readonly DeclaredTunnel[],
): DriftFinding[] {
  return tunnels.flatMap((tunnel) =>
    exceptionsMissing(state, tunnel).map((problem) => ({
      ...{ kind: "tunnel" as const, what: tunnel.name, problem, steps: [], fix: LOAD_EXCEPTIONS },
    })),
  );
}

function packages({ packages: { names, steps } }: Applied, live: GatewayDrift): DriftFinding[] {
  return names.flatMap((name) =>
    live.packages.get(name) === undefined
      ? [{ kind: "package", what: name, problem: "is not installed", steps }]
      : [],
  );
}

/** What came out since is drift only where the stack promises to install it. */
function errata(
  { patches: { policy, steps } }: Applied,
  { patches }: GatewayDrift,
): DriftFinding[] {
  if (policy !== "apply" || patches === undefined) return [];
  const { missing, rebootNeeded } = patches;
  return [
    ...missing.map((name) => ({
      kind: "errata" as const,
      what: name,
      problem: "is not installed",
      steps,
    })),
    ...(rebootNeeded
      ? [{ kind: "errata" as const, what: "kernel", problem: "waits for a reboot", steps }]
      : []),
  ];
}

function notes(
  { patches: { policy }, tunnels }: Applied,
  { state, patches }: GatewayDrift,
): string[] {
  const declared = new Set(tunnels.map(({ name }) => name));
  const byHand = state.tunnels.filter(
    ({ name, state: wanted }) => wanted === "down" && declared.has(name),
  );
  const missing = patches?.missing ?? [];
  return [
    ...byHand.map(({ name }) => `tunnel ${name} was taken down by hand: gateway tunnel up ${name}`),
    ...(policy === "report" && missing.length > 0
      ? [`errata are not installed: ${missing.join(", ")}`]
      : []),
    ...(patches?.unknown === undefined ? [] : [`errata are not known: ${patches.unknown}`]),
  ];
}
