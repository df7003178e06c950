import { isDeepStrictEqual } from "node:util";
import { profiles } from "../../config/profiles";
import type { Problem } from "../../config/problems";
import type { Daemon } from "../../config/schema";
import type { ConfFile } from "../../parse/bsdConf/statements";
import { parseIkedConf } from "../../parse/ikedConf";
import { parseIpsecConf } from "../../parse/ipsecConf";
import type { Candidate, IkeSettings, ImportedTunnel } from "./candidate";
import { fromIked, ikeSettings } from "./fromIked";
import { fromIpsec } from "./fromIpsec";
import { judged } from "./judge";
import { merged, sidesOf } from "./merge";
import { namesOf } from "./names";
import { type Note, Notes } from "./note";

export interface Imported {
  readonly daemon: Daemon;
  /** Of several files the last word. */
  readonly settings: IkeSettings;
  readonly tunnels: readonly ImportedTunnel[];
  /** By the name of the secret config key. Secret. */
  readonly keys: ReadonlyMap<string, string>;
  readonly notes: readonly Note[];
  /** What the stack would still refuse. */
  readonly problems: readonly Problem[];
}

/** Which daemon reads the text, told by its rules; undefined without any. */
export function daemonOf(file: ConfFile): Daemon | undefined {
  if (parseIkedConf(file).policies.length > 0) return "iked";
  const { rules, others } = parseIpsecConf(file);
  return rules.length + others.length > 0 ? "isakmpd" : undefined;
}

/**
 * The tunnels that the files of one daemon describe, as the stack declares them, with a note for
 * everything that is left out or changed. Never throws, whatever the texts.
 *
 * @param today YYYY-MM-DD; exceptions for weak algorithms end 90 days later
 */
export function importFiles(daemon: Daemon, files: readonly ConfFile[], today: string): Imported {
  const notes = new Notes();
  let settings: IkeSettings = {};
  const found = files.flatMap((file) => {
    if (daemon === "isakmpd") return fromIpsec(parseIpsecConf(file), notes);
    const conf = parseIkedConf(file);
    settings = { ...settings, ...ikeSettings(conf) };
    return fromIked(conf, notes);
  });
  // A policy of iked is one tunnel as it is; two of them may differ in what is not kept.
  const candidates = daemon === "iked" ? found : merged(found);
  const names = namesOf(candidates);
  const keys = new Map<string, string>();
  const tunnels = candidates.map((candidate, index) => {
    const name = names[index] ?? "";
    if (candidate.psk !== undefined) keys.set(keyName(name), candidate.psk);
    return tunnelOf(daemon, name, candidate, notes);
  });
  const places = candidates.map(({ file, line }, index) => ({
    file,
    line,
    tunnel: names[index] ?? "",
  }));
  return { daemon, settings, keys, ...judged({ daemon, tunnels, keys, places, notes, today }) };
}

function keyName(name: string): string {
  return `psk-${name}`;
}

function tunnelOf(
  daemon: Daemon,
  name: string,
  candidate: Candidate,
  notes: Notes,
): ImportedTunnel {
  const { peer, nat, localId, remoteId, mode, phase1, phase2, psk } = candidate;
  const profile = profileNamed(daemon, candidate);
  return {
    ...{ name, peer, ...sidesOf(candidate, notes) },
    ...(nat !== undefined && { nat: { address: nat } }),
    ...(localId !== undefined && { localId }),
    ...(remoteId !== undefined && { remoteId }),
    mode,
    ...(profile === undefined ? { phase1, phase2 } : { profile }),
    ...(psk !== undefined && { psk: keyName(name) }),
  };
}

/** The profile that says exactly the same, if there is one. */
function profileNamed(daemon: Daemon, { phase1, phase2 }: Candidate): string | undefined {
  const known = Object.entries(profiles[daemon]).find(
    ([, profile]) =>
      isDeepStrictEqual({ ...profile.phase2 }, { ...phase2 }) &&
      isDeepStrictEqual(
        { ...profile.phase1 },
        { ...phase1, prf: phase1.prf ?? phase1.integrity ?? "" },
      ),
  );
  return known?.[0];
}
