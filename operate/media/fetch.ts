import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { isoName, setDirectory, type Release } from "../../config/releases";
import { Refusal, type Io } from "../command";
import { download, fetchSmall, MirrorError } from "./download";
import { withPartial } from "./partial";
import { checkSigned, NotSigned, signedHashes, type SigningKey } from "./signature";

/** A list of hashes has a few kilobytes. */
const LIST_LIMIT = 2 ** 20;

export interface FetchRequest {
  readonly release: Release;
  readonly key: SigningKey;
  /** Up to and including pub/OpenBSD. */
  readonly mirrors: readonly string[];
  /** Default {@link defaultCache}. Holds verified files only, under their hash. */
  readonly cache: string;
  readonly io: Pick<Io, "err" | "terminal" | "signal">;
}

export interface Fetched {
  /** Path of the verified ISO. */
  readonly iso: string;
  /** Path of the SHA256.sig it was verified with. */
  readonly signature: string;
  readonly sha256: string;
  /** Whether nothing had to be downloaded but perhaps the list. */
  readonly cached: boolean;
}

/** ~/.cache/openbsd-ipsec-gateway, or where XDG_CACHE_HOME says. */
export function defaultCache(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "openbsd-ipsec-gateway");
}

/**
 * The install ISO of a release, verified. A release never changes once it is signed, so what the
 * cache has is not asked for again.
 *
 * @throws Refusal if no mirror gives what the key signed; nothing unverified stays in the cache.
 */
export async function fetchIso(request: FetchRequest): Promise<Fetched> {
  const { release, key, cache, io } = request;
  const name = isoName(release);
  const signature = await signedList(request);
  const sha256 = (await signedHashes(key, signature, io.signal)).get(name);
  if (sha256 === undefined) throw new Refusal(`${signature}: does not list ${name}`);
  const iso = join(cache, "sha256", sha256, name);
  const cached = await passes(iso, () => checkSigned(key, signature, name, iso, io.signal));
  if (!cached) await fetchSigned(request, signature, iso);
  return { iso, signature, sha256, cached };
}

/** The release's SHA256.sig, from the cache or the first mirror that has one signed with the key. */
async function signedList(request: FetchRequest): Promise<string> {
  const { release, key, cache, io } = request;
  const keyId = createHash("sha256").update(key.text).digest("hex").slice(0, 12);
  const target = join(cache, "signed", `${release.version}-${keyId}`, "SHA256.sig");
  if (await passes(target, () => signedHashes(key, target, io.signal))) return target;

  await firstMirror(request, "SHA256.sig", (url) =>
    withPartial(target, { resume: false }, async ({ path, finish }) => {
      await writeFile(path, await fetchSmall(url, LIST_LIMIT, io.signal));
      await signedHashes(key, path, io.signal).catch(mirrorsFault(url, key.owner));
      await finish();
    }),
  );
  return target;
}

async function fetchSigned(
  request: FetchRequest,
  signature: string,
  target: string,
): Promise<void> {
  const { key, io } = request;
  const name = basename(target);
  await withPartial(target, { resume: true }, async ({ path, finish }) => {
    await firstMirror(request, name, async (url) => {
      await download({ url, partial: path, io });
      try {
        await checkSigned(key, signature, name, path, io.signal);
      } catch (error) {
        // The next mirror starts from nothing: no telling which part of it was wrong.
        if (error instanceof NotSigned) await rm(path, { force: true });
        mirrorsFault(url, key.owner)(error);
      }
      await finish();
    });
  });
}

/** Whether the cache has the file and it passes the check. */
async function passes(path: string, check: () => Promise<unknown>): Promise<boolean> {
  if (!existsSync(path)) return false;
  try {
    await check();
    return true;
  } catch (error) {
    if (error instanceof NotSigned) return false;
    throw error;
  }
}

function mirrorsFault(url: string, owner: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof NotSigned ? new MirrorError(`${url}: not signed with ${owner}`) : error;
  };
}

async function firstMirror(
  { release, mirrors }: FetchRequest,
  name: string,
  take: (url: string) => Promise<void>,
): Promise<void> {
  const failures: string[] = [];
  for (const mirror of mirrors) {
    const url = `${mirror.replace(/\/+$/, "")}/${setDirectory(release)}/${name}`;
    try {
      await take(url);
      return;
    } catch (error) {
      if (!(error instanceof MirrorError)) throw error;
      failures.push(error.message);
    }
  }
  const notYet = release.released === undefined ? "; it may not be released yet" : "";
  throw new Refusal(
    `${name} of OpenBSD ${release.version}: no mirror gave it${notYet}: ${failures.join("; ")}: ` +
      "give another one with --mirror, or get the file yourself and name it with --iso",
  );
}
