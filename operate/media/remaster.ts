import { chmod, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal } from "../command";
import { run, type Tool } from "../run";
import type { AddedFile } from "./contents";

const XORRISO: Tool = { program: "xorriso", install: "apt-get install xorriso" };

export interface RemasterRequest {
  /** The image to start from; without it a new data CD is made. */
  readonly source: string | undefined;
  /** Must not exist: xorriso would append a session to it. */
  readonly target: string;
  readonly files: readonly AddedFile[];
  /** Seconds since 1970: the time of everything that is new on the image. */
  readonly epoch: number;
  readonly signal: AbortSignal;
}

/**
 * Writes an image that is the source plus the files. The bytes follow from the arguments (and the
 * version of xorriso) alone: the time comes from SOURCE_DATE_EPOCH, the time zone is fixed, and the
 * added files get that time, root as their owner and one mode.
 *
 * @throws Refusal with xorriso's own words.
 */
export async function remaster(request: RemasterRequest): Promise<void> {
  const { source, target, files, epoch, signal } = request;
  const scratch = await mkdtemp(join(tmpdir(), "gateway-iso-"));
  try {
    const staged: string[] = [];
    for (const [i, { bytes }] of files.entries()) {
      const path = join(scratch, String(i));
      await writeFile(path, bytes);
      await chmod(path, 0o644);
      await utimes(path, epoch, epoch);
      staged.push(path);
    }
    const paths = files.map(({ path }) => path);
    const args = [
      "-no_rc",
      ...(source === undefined ? ["-volid", "GATEWAY"] : ["-indev", `stdio:${source}`]),
      ...["-outdev", `stdio:${target}`],
      ...(source === undefined ? [] : ["-boot_image", "any", "replay"]),
      // OpenBSD's cdbr and cdboot read plain ISO 9660: names must stay as mkhybrid wrote them, upper
      // case and with a dot in the directory 7.9, which xorriso would otherwise turn into 7_9.
      ...["-compliance", "allow_dir_id_ext:omit_version:no_force_dots"],
      ...files.flatMap(({ path }, i) => ["-map", staged[i] ?? "", path]),
      ...["-chown", "0", ...paths, "--"],
      ...["-chgrp", "0", ...paths, "--"],
    ];
    const env = { SOURCE_DATE_EPOCH: String(epoch), HOME: scratch };
    const { status, stderr } = await run(XORRISO, args, { env, signal });
    if (status !== 0) throw new Refusal(`${target}: xorriso: ${complaint(stderr)}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What xorriso calls a failure, of all that it prints. */
function complaint(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .filter((line) => / : (SORRY|FAILURE|FATAL|ABORT) : /.test(line));
  const said = lines.map((line) => line.replace(/^.* : [A-Z]+ : /, "").trim());
  return said.length > 0 ? said.slice(0, 3).join("; ") : "failed without saying why";
}
