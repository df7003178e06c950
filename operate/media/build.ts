import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Release } from "../../config/releases";
import { Refusal, type Io } from "../command";
import { checkInstallCd, checkMedium } from "./check";
import { configCdFiles, installCdFiles, type AddedFile } from "./contents";
import { needSpace, withPartial } from "./partial";
import { mebibytes } from "./progress";
import { remaster } from "./remaster";
import type { SigningKey } from "./signature";
import type { MediumValues } from "../../contract/media";

/** Counted up when the same inputs give another image, so that it gets another name. */
const RECIPE = 1;

/** Directories, volume descriptors and padding of a small image, with room to spare; bytes. */
const OVERHEAD = 2 * 2 ** 20;

/** 2000-01-01: a CD that starts from nothing has no date of its own. */
const CONFIG_CD_EPOCH = 946_684_800;

export interface BuildRequest {
  readonly release: Release;
  readonly values: MediumValues;
  /** Directory for the image. */
  readonly output: string;
  readonly io: Pick<Io, "err" | "signal">;
}

/** The verified ISO, see signature.ts. */
export interface VerifiedIso {
  readonly iso: string;
  readonly signature: string;
  readonly sha256: string;
  readonly key: SigningKey;
}

export interface Built {
  /** Path of the image; its name holds a hash of everything that went into it. */
  readonly file: string;
  /** False if it was there already. */
  readonly built: boolean;
}

/**
 * The install CD that answers its own questions, made from the verified official one.
 *
 * @throws Refusal; there is then no file of that name, or the good one of an earlier run.
 */
export async function buildInstallCd(request: BuildRequest, from: VerifiedIso): Promise<Built> {
  const { release, values } = request;
  const { created } = await checkInstallCd(from.iso, release);
  // The installer knows OpenBSD's key only: another one's list would make it refuse the sets.
  const list = from.key.source === "openbsd" ? await readFile(from.signature) : undefined;
  const files = installCdFiles(release, values, list);
  return make(request, {
    name: `install${release.digits}-${inputHash(files, from.sha256)}.iso`,
    files,
    source: { path: from.iso, release },
    epoch: created,
  });
}

/** The CD for an unchanged official one: answers and site set only. */
export async function buildConfigCd(request: BuildRequest): Promise<Built> {
  const files = configCdFiles(request.release, request.values);
  return make(request, {
    name: `config${request.release.digits}-${inputHash(files, "")}.iso`,
    files,
    source: undefined,
    epoch: CONFIG_CD_EPOCH,
  });
}

interface Recipe {
  readonly name: string;
  readonly files: readonly AddedFile[];
  readonly source: { readonly path: string; readonly release: Release } | undefined;
  readonly epoch: number;
}

async function make({ output, io }: BuildRequest, recipe: Recipe): Promise<Built> {
  const { name, files, source, epoch } = recipe;
  const target = join(output, name);
  if (existsSync(target)) {
    if (await isGood(target, recipe)) return { file: target, built: false };
    io.err(`${target}: damaged: building it again\n`);
    await rm(target);
  }
  await mkdir(output, { recursive: true });
  const added = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const size = (source ? (await stat(source.path)).size : 0) + added + OVERHEAD;
  await needSpace(output, size);
  if (source) io.err(`building ${target} (${mebibytes(size)})\n`);
  await withPartial(target, { resume: false }, async ({ path, finish }) => {
    await remaster({ source: source?.path, target: path, files, epoch, signal: io.signal });
    await checkMedium(path, files, source);
    // libvirt's qemu runs as another user.
    await chmod(path, 0o644);
    await finish();
  });
  return { file: target, built: true };
}

async function isGood(target: string, { files, source }: Recipe): Promise<boolean> {
  try {
    await checkMedium(target, files, source);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function inputHash(files: readonly AddedFile[], source: string): string {
  const hash = createHash("sha256").update(`${RECIPE}\n${source}\n`);
  for (const { path, bytes } of files) {
    hash.update(`${path} ${createHash("sha256").update(bytes).digest("hex")}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}
