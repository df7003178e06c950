import { isDeepStrictEqual } from "node:util";
import { profiles } from "../../config/profiles";
import type { Problem } from "../../config/problems";
import type { Daemon } from "../../config/schema";
import { type ConfFile, readStatements } from "../../parse/bsdConf/statements";
import { parseIkedConf } from "../../parse/ikedConf";
import { parseIpsecConf } from "../../parse/ipsecConf";
import type { Candidate, IkeSettings, ImportedTunnel, OneOrSeveral } from "./candidate";
import { fromIked, ikeSettings } from "./fromIked";
import { fromIpsec } from "./fromIpsec";
import { applyRules } from "./applyRules";
import { merged, type Networks, networksOf } from "./merge";
import { namesOf } from "./names";
import { type Note, Notes } from "./note";
import { groupsOf } from "./routeBased";
import { signersSettings } from "./oldCertificates";
import { NO_FILES, type OldFiles } from "./oldFiles";

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

/** What begins a statement of one daemon's file only. */
const FIRST_WORDS: Readonly<Record<string, Daemon>> = {
  ...{ ikev2: "iked", set: "iked", user: "iked", radius: "iked" },
  ...{ ike: "isakmpd", flow: "isakmpd", tcpmd5: "isakmpd" },
};

/**
 * Which daemon reads the file, told by the words that begin its statements, also of one that cannot be
 * read further; undefined without any. iked skips the rules of ipsec.conf, so one of its own decides.
 */
export function daemonOf(file: ConfFile): Daemon | undefined {
  const { rules, others } = parseIpsecConf(file);
  const words = readStatements(file, new Set()).statements.map(({ tokens: [first] }) =>
    first?.kind === "word" ? FIRST_WORDS[first.text] : undefined,
  );
  if (words.includes("iked")) return "iked";
  return words.includes("isakmpd") || rules.length + others.length > 0 ? "isakmpd" : undefined;
}

/** Why nothing of a file that belongs to neither daemon is understood, each with file and line. */
export function notUnderstood(file: ConfFile): string[] {
  const { statements, notUnderstood: broken } = readStatements(file, new Set());
  const found = [
    ...broken,
    ...statements.map((statement) => ({
      ...statement,
      reason: "no statement of ipsec.conf(5) or iked.conf(5)",
    })),
  ];
  return found
    .sort((a, b) => a.line - b.line)
    .map(({ file: name, line, reason }) => `${name}:${line}: ${reason}`);
}

/** What is not in the files themselves. */
export interface ImportedWith {
  /** YYYY-MM-DD; exceptions for weak algorithms end 90 days later. */
  readonly today: string;
  /** Default: none were given. */
  readonly old?: OldFiles;
}

/**
 * The tunnels that the files of one daemon describe, as the stack declares them, with a note for
 * everything that is left out or changed. Never throws, whatever the texts.
 */
export function importFiles(
  daemon: Daemon,
  files: readonly ConfFile[],
  { today, old = NO_FILES }: ImportedWith,
): Imported {
  const notes = new Notes();
  let settings: IkeSettings = {};
  const found = files.flatMap((file) => {
    if (daemon === "isakmpd") return fromIpsec(parseIpsecConf(file), old, notes);
    const conf = parseIkedConf(file);
    settings = { ...settings, ...ikeSettings(conf, notes) };
    return fromIked(conf, old, notes);
  });
  // A policy of iked is one tunnel as it is; two of them may differ in what is not kept.
  const candidates = notes.each(daemon === "iked" ? found : merged(found), (candidate) => ({
    ...candidate,
    networks: networksOf(candidate, notes),
  }));
  settings = { ...settings, ...signersSettings(daemon, candidates, old, notes) };
  const names = namesOf(candidates);
  const routed = candidates.flatMap(({ file, line, route }, index) =>
    route ? { name: names[index] ?? "", place: { file, line }, route } : [],
  );
  const groups = groupsOf(routed, notes);
  const keys = new Map<string, string>();
  const tunnels = candidates.map((candidate, index) => {
    const name = names[index] ?? "";
    if (candidate.psk !== undefined) keys.set(keyName(name), candidate.psk);
    return { ...tunnelOf(daemon, name, candidate), ...groups.get(name) };
  });
  const places = candidates.map(({ file, line }, index) => ({
    file,
    line,
    tunnel: names[index] ?? "",
  }));
  return {
    daemon,
    settings,
    keys,
    ...applyRules({ daemon, settings, tunnels, keys, places, notes, today }),
  };
}

function keyName(name: string): string {
  return `psk-${name}`;
}

function tunnelOf(
  daemon: Daemon,
  name: string,
  candidate: Candidate & { readonly networks: Networks },
): ImportedTunnel {
  const { peer, networks, route, nat, localId, remoteId, mode, phase1, phase2 } = candidate;
  const { auth, peerKey, psk, enabled } = candidate;
  const profile = profileNamed(daemon, candidate);
  return {
    ...{ name, peer, ...networks },
    ...(route !== undefined && { sec: route.sec }),
    ...(nat !== undefined && { nat }),
    ...(localId !== undefined && { localId }),
    ...(remoteId !== undefined && { remoteId }),
    mode,
    ...(profile === undefined ? { phase1, phase2 } : { profile }),
    ...(auth !== undefined && { auth }),
    ...(psk !== undefined && { psk: keyName(name) }),
    ...(enabled !== undefined && { enabled }),
    ...(peerKey !== undefined && { peerKey }),
  };
}

/** The profile that says exactly the same, if there is one. */
function profileNamed(daemon: Daemon, { phase1, phase2 }: Candidate): string | undefined {
  if (isList(phase1) || isList(phase2)) return undefined;
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

function isList<P>(one: OneOrSeveral<P>): one is readonly [P, P, ...P[]] {
  return Array.isArray(one);
}
