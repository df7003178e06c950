import type { z } from "zod";
import { checkPart } from "./checkPart";
import type { Draft, DraftTunnel } from "./draft";
import { draftTunnel } from "./draftTunnel";
import { ifKnown, nothingKnown } from "./known";
import { ConfigError, type Problem } from "./problems";
import type { ConfigReader } from "./reader";
import { findProblems } from "./rules";
import { sections, type StackConfig } from "./schema";
import { strayKeys } from "./strayKeys";
import { tunnelList, type TunnelList } from "./tunnelList";
import { withNames } from "./tunnelNames";

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
  const keep = <T extends { readonly problems: readonly Problem[] }>(checked: T): T => {
    problems.push(...checked.problems);
    return checked;
  };
  const list = tunnelList(read);
  const strays = strayKeys(read.keys, mayNameSecrets(list));
  problems.push(...strays.map(({ problem }) => problem));
  /** Whether its value stands under a key that nobody reads. */
  const isMisspelt = (key: string): boolean =>
    strays.some(({ meant }) => meant === key) && isEmpty(read.object(key));

  const section = <S extends z.ZodType>(key: string, schema: S, absent?: unknown) =>
    isMisspelt(key)
      ? undefined
      : keep(checkPart(schema, read.object(key) ?? absent, [key], key)).known?.value;
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

  problems.push(...list.problems.filter(({ path }) => !isMisspelt(path)));
  const rest = { ike: ike ?? nothingKnown("ike"), network: network ?? nothingKnown("network") };
  const tunnels = list.written.flatMap(
    ({ value, place }) => keep(draftTunnel(value, place, rest)).draft ?? [],
  );
  const lacksTunnels =
    list.problems.length > 0 ||
    tunnels.length < list.written.length ||
    isMisspelt("tunnels") ||
    isMisspelt("tunnelsFile");

  const draft = {
    ...{ hypervisor, machine, source, network, admin, ike, system, watchdog, perimeter },
    lan,
    tunnels,
  };
  const secrets = readSecrets(read, tunnels);
  const unread = new Set([...secrets.keys()].filter((key) => read.isUnread?.(key)));
  const { isSigned, today } = read;
  const found = findProblems({ ...draft, lacksTunnels, secrets, unread, isSigned, today });
  problems.push(...found.errors);
  const warnings = withNames(found.warnings, list.written);
  if (problems.length > 0 || !isComplete(draft)) {
    throw new ConfigError(withNames(problems, list.written), warnings);
  }
  return {
    config: { ...draft, promotion, tunnels: tunnels.map(({ tunnel }) => tunnel) },
    warnings,
    presharedKeys: keysByTunnel(tunnels, secrets),
  };
}

/** Any text of a tunnel may be the name of its secret, as its keys may be misspelt; so may any key, if one cannot be read. */
function mayNameSecrets({ written, problems }: TunnelList): (key: string) => boolean {
  const texts = new Set(written.flatMap(({ value }) => Object.values(value ?? {}) as unknown[]));
  return (key) => problems.some(({ path }) => path !== "tunnels") || texts.has(key);
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  (typeof value === "object" && value !== null && Object.keys(value).length === 0);

type Parts = Omit<Draft, "secrets" | "today" | "isSigned">;

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
  const keys = tunnels.flatMap(({ tunnel }) => ifKnown(() => tunnel.psk, undefined) ?? []);
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
