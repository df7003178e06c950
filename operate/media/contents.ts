import { createHash } from "node:crypto";
import { setDirectory, siteSetName, type Release } from "../../config/releases";
import { bootConf } from "../../render/bootConf";
import { disklabelTemplate } from "../../render/disklabel";
import { responseFile } from "../../render/responseFile";
import { siteSetMembers } from "../../render/siteSet";
import { ustarGz } from "./ustarGz";
import type { MediumValues } from "../../contract/media";

/** A file that is added to the medium, or takes the place of one on it. */
export interface AddedFile {
  /** Absolute, as the installer sees it: /7.9/amd64/site79.tgz. */
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * What the install CD gets on top of the official one.
 *
 * `signedList` is the content of the release's SHA256.sig. With it the installer checks every set
 * against the key in its own RAM disk, once more and independently of us.
 */
export function installCdFiles(
  release: Release,
  values: MediumValues,
  signedList: Buffer | undefined,
): readonly AddedFile[] {
  const sets = `/${setDirectory(release)}`;
  const files = [
    { path: "/etc/boot.conf", bytes: Buffer.from(bootConf({ release, ...values })) },
    ...answers(release, values, "sets"),
    { path: `${sets}/${siteSetName(release)}`, bytes: siteSet(values) },
    ...(signedList ? [{ path: `${sets}/SHA256.sig`, bytes: signedList }] : []),
  ];
  return [...files, { path: "/etc/random.seed", bytes: randomSeed(files) }];
}

/** What lies on a CD of its own, beside the official one in its original state. */
export function configCdFiles(release: Release, values: MediumValues): readonly AddedFile[] {
  return [
    ...answers(release, values, "cd1"),
    { path: `/${siteSetName(release)}`, bytes: siteSet(values) },
  ];
}

function answers(release: Release, values: MediumValues, siteSetOn: "sets" | "cd1"): AddedFile[] {
  const [sshPublicKey] = values.sshPublicKeys;
  return [
    {
      path: "/auto_install.conf",
      bytes: Buffer.from(responseFile({ ...values, release, sshPublicKey, siteSetOn })),
    },
    { path: "/disklabel.template", bytes: Buffer.from(disklabelTemplate(values)) },
  ];
}

function siteSet(values: MediumValues): Buffer {
  return ustarGz(siteSetMembers(values));
}

/**
 * 512 bytes for the boot loader, which complains without them (boot(8)). They are no secret and
 * count for nothing: the kernel mixes them with what the processor and the machine's virtio-rng
 * give, and the installer writes a new seed to the disk before it ends. So they may as well follow
 * from the other files, and the medium stays reproducible.
 */
function randomSeed(files: readonly AddedFile[]): Buffer {
  const inputs = createHash("sha256");
  for (const { path, bytes } of files) inputs.update(path).update(bytes);
  const digest = inputs.digest();
  const blocks = [0, 1, 2, 3, 4, 5, 6, 7];
  return Buffer.concat(
    blocks.map((block) => createHash("sha512").update(digest).update(Buffer.of(block)).digest()),
  );
}
