/** One OpenBSD release the project can install. Sources: openbsd.org/NN.html, src/etc/signify. */
export interface Release {
  /** As in paths and in `uname -r`: 7.9. */
  readonly version: string;
  /** As in file names: 79. */
  readonly digits: string;
  /** signify(1) public key of the release's base sets, second line of openbsd-NN-base.pub. */
  readonly key: string;
  /**
   * Day of the release, ISO 8601. Absent while none is known: keys are published a year ahead, so
   * a key alone does not mean that there is anything to install.
   */
  readonly released?: string;
}

// Oldest first. Every release has its own key; one key never stands in for another.
const RELEASES: readonly Release[] = [
  {
    version: "7.8",
    digits: "78",
    key: "RWS3/nvFmk4SWSmt/5QIk9yB4+uoAGoiYvFhVlDQBG3rWENeeIys0LWB",
    released: "2025-10-22",
  },
  {
    version: "7.9",
    digits: "79",
    key: "RWTSdNN9A3yvWNn7mUjXwv9DOCOUnyfuV+mq1iGPIfD+NhN8EYnEQ1at",
    released: "2026-05-19",
  },
  {
    version: "8.0",
    digits: "80",
    key: "RWSMSt0erHTctUxq2JDAgQRo64ztikp8JvQeiSPte3NZ0Geou0TkTEiE",
  },
  {
    version: "8.1",
    digits: "81",
    key: "RWQirufSCy10G6Y9Ou9ao2R9RbhzN6E+2hgB6n0Cbj3Eq1aEssZaeHJu",
  },
];

/** OpenBSD supports its two newest releases (openbsd.org/faq/faq5.html). */
const SUPPORTED = 2;

/** The versions of the table, oldest first. */
export const knownVersions: readonly string[] = RELEASES.map(({ version }) => version);

/** The release of this version, or undefined: without its key nothing of it can be verified. */
export function findRelease(version: string): Release | undefined {
  return RELEASES.find((release) => release.version === version);
}

/** Why a version is refused, with what to write instead. */
export function unknownRelease(version: string): string {
  const last = knownVersions.at(-1) ?? "";
  const choice = `${knownVersions.slice(0, -1).join(", ")} or ${last}`;
  return `OpenBSD ${version}: no signing key of this release is known here: use ${choice}`;
}

/** What the operator should know before using the release, or undefined if there is nothing. */
export function releaseWarning(release: Release): string | undefined {
  const out = RELEASES.filter(({ released }) => released !== undefined);
  if (release.released === undefined) {
    return `OpenBSD ${release.version} was not released yet when its key was added here: mirrors may not have it`;
  }
  if (out.slice(-SUPPORTED).some(({ version }) => version === release.version)) return undefined;
  const newest = out.at(-1)?.version ?? "";
  return `OpenBSD ${release.version} gets no patches any more: install ${newest}`;
}

/** signify's public key file, as it lies in /etc/signify of the release. */
export function keyFile({ version, key }: Release): string {
  return `untrusted comment: openbsd ${version} base public key\n${key}\n`;
}

/** install79.iso */
export function isoName({ digits }: Release): string {
  return `install${digits}.iso`;
}

/** site79.tgz: the set that install.site(5) lets everybody add. */
export function siteSetName({ digits }: Release): string {
  return `site${digits}.tgz`;
}

/** 7.9/amd64: the directory of the sets, on mirrors and on the install CD alike. */
export function setDirectory({ version }: Release): string {
  return `${version}/amd64`;
}
