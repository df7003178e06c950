import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { keyFile, type Release } from "../../config/releases";
import { Refusal } from "../command";
import { run, type Finished, type Tool } from "../run";

const SIGNIFY: Tool = { program: "signify-openbsd", install: "apt-get install signify-openbsd" };

/** The file or the list is not what the key signed. */
export class NotSigned extends Refusal {}

/** The one key a signature has to be made with. */
export interface SigningKey {
  /** `openbsd`: the release's own, pinned here. `config`: given by the operator instead of it. */
  readonly source: "openbsd" | "config";
  /** Content of the public key file. */
  readonly text: string;
  /** For messages: whose key it is. */
  readonly owner: string;
}

/** The pinned key of the release. */
export function releaseKey(release: Release): SigningKey {
  return {
    source: "openbsd",
    text: keyFile(release),
    owner: `OpenBSD ${release.version}'s base key`,
  };
}

/** @throws Refusal if the file is no signify(1) public key. */
export async function configKey(path: string): Promise<SigningKey> {
  const text = await readFile(path, "utf8");
  const [comment, key, ...rest] = text.trimEnd().split("\n");
  // 2 bytes `Ed`, 8 bytes key number, 32 bytes key.
  const bytes = Buffer.from(key ?? "", "base64");
  const fits = bytes.length === 42 && bytes.toString("latin1", 0, 2) === "Ed" && rest.length === 0;
  if (!fits || !comment?.startsWith("untrusted comment: ")) {
    throw new Refusal(
      `${path}: is not a signify public key: give the .pub file that signify -G wrote`,
    );
  }
  return { source: "config", text: `${comment}\n${key ?? ""}\n`, owner: `the key ${path}` };
}

/**
 * SHA-256 of every file in a signed list (SHA256.sig), after the signature was verified with
 * exactly this key.
 *
 * @throws NotSigned if the list is not signed with the key.
 */
export async function signedHashes(
  key: SigningKey,
  signature: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  return inScratch(key, signature, async (directory) => {
    const args = ["-V", "-e", "-q", "-p", "key.pub", "-x", "SHA256.sig", "-m", "-"];
    const result = await run(SIGNIFY, args, { cwd: directory, signal });
    if (result.status !== 0) throw notSigned(key, signature, result);
    const lines = result.stdout.matchAll(/^SHA256 \((.+)\) = ([0-9a-f]{64})$/gm);
    return new Map([...lines].map(([, name = "", hash = ""]) => [name, hash]));
  });
}

/**
 * Checks a file against the signed list under the name it has there; gives its SHA-256.
 *
 * @throws NotSigned if the list is not signed with the key, does not have the name, or the file is
 *   not the one that was signed.
 */
export async function checkSigned(
  key: SigningKey,
  signature: string,
  name: string,
  file: string,
  signal: AbortSignal,
): Promise<string> {
  const hash = (await signedHashes(key, signature, signal)).get(name);
  if (hash === undefined) {
    throw new NotSigned(
      `${signature}: does not list ${name}: take the SHA256.sig of the same release`,
    );
  }
  return inScratch(key, signature, async (directory) => {
    // signify compares names too, and the operator's file may be called as he likes.
    await symlink(resolve(file), join(directory, name));
    const args = ["-C", "-p", "key.pub", "-x", "SHA256.sig", name];
    const { status } = await run(SIGNIFY, args, { cwd: directory, signal });
    if (status !== 0) {
      throw new NotSigned(
        `${file}: is not the ${name} that was signed with ${key.owner} (altered or cut short): get it again`,
      );
    }
    return hash;
  });
}

function notSigned(key: SigningKey, signature: string, { stderr }: Finished): NotSigned {
  const reason = stderr.trim().replace(/^signify(-openbsd)?: /, "");
  return new NotSigned(
    `${signature}: not signed with ${key.owner} (${reason}): take the SHA256.sig of the same release`,
  );
}

/** A directory with the key and the list under fixed names, gone afterwards. */
async function inScratch<T>(
  key: SigningKey,
  signature: string,
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const list = await readFile(signature);
  const directory = await mkdtemp(join(tmpdir(), "gateway-signify-"));
  try {
    await writeFile(join(directory, "key.pub"), key.text);
    await writeFile(join(directory, "SHA256.sig"), list);
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
