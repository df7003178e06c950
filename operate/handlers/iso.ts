import type { IsoBuilt, IsoFetched, IsoProvided, IsoVerified } from "../../contract/media";
import { json } from "../json";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  findRelease,
  isoName,
  releaseWarning,
  unknownRelease,
  type Release,
} from "../../config/releases";
import { EXIT } from "../../contract/exit";
import { Refusal, UsageError, type Io } from "../command";
import type { Args } from "../commandLine/declaration";
import { implement } from "../commandLine/implement";
import { command } from "../commands/iso";
import {
  buildConfigCd,
  buildInstallCd,
  type BuildRequest,
  type Built,
  type VerifiedIso,
} from "../media/build";
import { checkInstallCd } from "../media/check";
import { defaultCache, fetchIso } from "../media/fetch";
import { MIRRORS } from "../media/mirrors";
import { withOwnCopy } from "../media/ownCopy";
import { removeOthers, uploadTo } from "../media/pool";
import { checkSigned, configKey, releaseKey, type SigningKey } from "../media/signature";
import { parseValues } from "../media/values";

type Values = Args<typeof command>;
type BuildValues = Extract<Values, { action: "build" }>;

export const run = implement(command, async (values, io) => {
  const release = releaseOf(values.release, io);
  const key = await keyOf(release, values.key, io);
  switch (values.action) {
    case "fetch": {
      const { iso, signature, sha256, cached } = await fetched(release, key, values, io);
      return report(io, values, iso, { ...about(release, key), iso, signature, sha256, cached });
    }
    case "verify": {
      const { iso, sha256 } = await given(release, key, values.iso, values.signature, io);
      const verdict = `${iso}: verified with ${key.owner}`;
      return report(io, values, verdict, { ...about(release, key), iso, sha256 });
    }
    case "build": {
      if (values.pool !== undefined) return provide(release, key, values, values.pool, io);
      const { file, built } = await build(release, key, values, io);
      return report(io, values, file, { ...about(release, key), file, built });
    }
  }
});

/** Everything the installation reads, in the pool it reads it from. */
async function provide(
  release: Release,
  key: SigningKey,
  values: BuildValues,
  poolName: string,
  io: Io,
): Promise<number> {
  const pool = { uri: values.uri ?? "qemu:///system", pool: poolName };
  const { prefix } = values;
  if (prefix === undefined) throw new UsageError("--prefix TEXT is missing: it goes with --pool");
  const started = Date.now();
  const scratch = join(values.cache ?? defaultCache(), "built");
  const verified = await official(release, key, values, io);
  const request = { ...(await buildRequest(release, values, io)), output: scratch };
  const { made, cds } = await withOwnCopy(verified, isoName(release), io.signal, async (from) => {
    const { file } = values["config-cd"]
      ? await buildConfigCd(request)
      : await buildInstallCd(request, from);
    const made = Date.now();
    const cds = values["config-cd"]
      ? [await uploadTo(pool, from.iso, prefix, basename(verified.iso))]
      : [];
    cds.push(await uploadTo(pool, file, prefix));
    await removeOthers(pool, prefix, cds);
    await rm(file);
    return { made, cds };
  });
  const seconds = { media: since(started, made), upload: since(made, Date.now()) };
  const text = cds.map(({ volume }) => `${pool.pool}/${volume}`).join("\n");
  return report(io, values, text, {
    ...about(release, key),
    sha256: verified.sha256,
    cds,
    seconds,
  });
}

function since(start: number, end: number): number {
  return Math.round((end - start) / 100) / 10;
}

function releaseOf(version: string, io: Io): Release {
  const release = findRelease(version);
  if (!release) throw new Refusal(unknownRelease(version));
  const warning = releaseWarning(release);
  if (warning !== undefined) io.err(`warning: ${warning}\n`);
  return release;
}

async function keyOf(release: Release, file: string | undefined, io: Io): Promise<SigningKey> {
  if (file === undefined) return releaseKey(release);
  const key = await configKey(file);
  io.err(`warning: verifying with the key from config (${file}), not with OpenBSD's\n`);
  return key;
}

/** An ISO that the operator has. */
async function given(
  release: Release,
  key: SigningKey,
  iso: string,
  listed: string | undefined,
  io: Io,
): Promise<VerifiedIso> {
  const signature = listed ?? join(dirname(iso), "SHA256.sig");
  for (const file of [iso, signature]) {
    if (!existsSync(file)) throw new Refusal(`${file}: no such file`);
  }
  const sha256 = await checkSigned(key, signature, isoName(release), iso, io.signal);
  await checkInstallCd(iso, release);
  return { iso, signature, sha256, key };
}

async function fetched(
  release: Release,
  key: SigningKey,
  values: Pick<BuildValues, "mirror" | "cache">,
  io: Io,
): Promise<VerifiedIso & { readonly cached: boolean }> {
  const mirrors = values.mirror.length > 0 ? values.mirror : MIRRORS;
  const cache = values.cache ?? defaultCache();
  const found = await fetchIso({ release, key, mirrors, cache, io });
  await checkInstallCd(found.iso, release);
  return { ...found, key };
}

async function build(
  release: Release,
  key: SigningKey,
  values: BuildValues,
  io: Io,
): Promise<Built> {
  const request = await buildRequest(release, values, io);
  if (values["config-cd"]) return buildConfigCd(request);
  const verified = await official(release, key, values, io);
  return withOwnCopy(verified, isoName(release), io.signal, (copy) =>
    buildInstallCd(request, copy),
  );
}

/** The verified ISO: the operator's own, or a mirror's. */
function official(release: Release, key: SigningKey, values: BuildValues, io: Io) {
  return values.iso === undefined
    ? fetched(release, key, values, io)
    : given(release, key, values.iso, values.signature, io);
}

async function buildRequest(release: Release, values: BuildValues, io: Io): Promise<BuildRequest> {
  const origin = values.values;
  const json = origin === "-" ? await io.stdin() : await readFile(origin, "utf8");
  const wanted = parseValues(json, origin === "-" ? "standard input" : origin);
  return { release, values: wanted, output: values.output ?? ".", io };
}

function about(release: Release, key: SigningKey) {
  return { release: release.version, key: key.source };
}

function report(
  io: Io,
  values: Values,
  text: string,
  facts: IsoBuilt | IsoFetched | IsoProvided | IsoVerified,
): number {
  io.out(values.json ? json(facts) : `${text}\n`);
  return EXIT.ok;
}
