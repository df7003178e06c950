import type { z } from "zod";
import { type Draft, type DraftTunnel, resolveTunnel } from "./draft";
import { ConfigError, formatPath, type Problem } from "./problems";
import type { ConfigReader } from "./reader";
import { findProblems } from "./rules";
import { sections, type StackConfig, tunnelSchema } from "./schema";
import { checkShape, type Checked } from "./shape";
import { strayKeys } from "./strayKeys";
import { tunnelList } from "./tunnelList";

export { ConfigError, type Problem } from "./problems";

export interface LoadedStack {
  readonly config: StackConfig;
  /** What is allowed, and ought to be known or changed. */
  readonly warnings: readonly Problem[];
  /** By tunnel name: the keys of the tunnels whose `psk` names a config key. Secret. */
  readonly presharedKeys: ReadonlyMap<string, string>;
}

/**
 * Reads, checks and completes the configuration.
 * @throws ConfigError with every problem of every section; its text never holds a secret.
 */
export function loadConfig(read: ConfigReader): LoadedStack {
  const problems: Problem[] = [];
  const keep = <T>(checked: Checked<T>): T | undefined => {
    if ("value" in checked) return checked.value;
    problems.push(...checked.problems);
    return undefined;
  };
  const section = <S extends z.ZodType>(key: string, schema: S, absent?: unknown) =>
    keep(checkShape(schema, read.object(key) ?? absent, [key]));
  // Pulumi asks for every key that it knows, so one that is left out comes as {}.
  const optional = <S extends z.ZodType>(key: string, schema: S) =>
    isEmpty(read.object(key)) ? undefined : section(key, schema);

  const hypervisor = section("hypervisor", sections.hypervisor);
  const machine = section("machine", sections.machine);
  const source = section("source", sections.source);
  const network = section("network", sections.network);
  const admin = section("admin", sections.admin);
  const ike = section("ike", sections.ike, {});
  const system = section("system", sections.system, {});
  const watchdog = section("watchdog", sections.watchdog, {});
  const perimeter = optional("perimeter", sections.perimeter);
  const lan = section("lan", sections.lan, {});
  const promotion = optional("promotion", sections.promotion);

  const tunnels = tunnelList(read, problems).flatMap(({ value, place }): DraftTunnel[] => {
    const declared = keep(checkShape(tunnelSchema, value, place));
    if (!declared) return [];
    const tunnel = resolveTunnel(
      declared,
      ike ?? { daemon: "iked", profile: "modern" },
      network?.publicAddress ?? "",
    );
    return [{ path: formatPath(place), tunnel, declared }];
  });

  const draft = {
    ...{ hypervisor, machine, source, network, admin, ike, system, watchdog, perimeter },
    lan,
    tunnels,
  };
  const secrets = readSecrets(read, tunnels);
  problems.push(...strayKeys(read.keys, new Set(secrets.keys())));
  const unread = new Set([...secrets.keys()].filter((key) => read.isUnread?.(key)));
  const found = findProblems({ ...draft, secrets, unread, today: read.today });
  problems.push(...found.errors);
  if (problems.length > 0 || !isComplete(draft)) throw new ConfigError(problems, found.warnings);
  return {
    config: { ...draft, promotion, tunnels: tunnels.map(({ tunnel }) => tunnel) },
    warnings: found.warnings,
    presharedKeys: keysByTunnel(tunnels, secrets),
  };
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  (typeof value === "object" && value !== null && Object.keys(value).length === 0);

type Parts = Omit<Draft, "secrets" | "today">;

function isComplete(draft: Parts): draft is Parts & Omit<StackConfig, "tunnels"> {
  const { hypervisor, machine, source, network, admin, ike, system, watchdog, lan } = draft;
  return [hypervisor, machine, source, network, admin, ike, system, watchdog, lan].every(
    (part) => part !== undefined,
  );
}

function readSecrets(
  read: ConfigReader,
  tunnels: readonly DraftTunnel[],
): Map<string, string | undefined> {
  const keys = tunnels.flatMap(({ tunnel }) => tunnel.psk ?? []);
  return new Map(keys.map((key) => [key, read.secret(key)]));
}

function keysByTunnel(
  tunnels: readonly DraftTunnel[],
  secrets: ReadonlyMap<string, string | undefined>,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const { tunnel } of tunnels) {
    const secret = tunnel.psk === undefined ? undefined : secrets.get(tunnel.psk);
    if (secret !== undefined) found.set(tunnel.name, secret);
  }
  return found;
}
