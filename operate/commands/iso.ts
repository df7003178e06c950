import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import {
  findRelease,
  isoName,
  knownVersions,
  releaseWarning,
  unknownRelease,
  type Release,
} from "../../config/releases";
import { EXIT, Refusal, UsageError, type Command, type Io } from "../command";
import {
  buildConfigCd,
  buildInstallCd,
  type BuildRequest,
  type Built,
  type VerifiedIso,
} from "../media/build";
import { checkInstallCd } from "../media/check";
import { defaultCache, fetchIso, MIRRORS } from "../media/fetch";
import { removeOthers, uploadTo } from "../media/pool";
import { checkSigned, configKey, releaseKey, type SigningKey } from "../media/signature";
import { parseValues } from "../media/values";

const usage = `usage: ./scripts/gateway iso fetch  --release VERSION [--mirror URL]… [--cache DIR]
       ./scripts/gateway iso verify --release VERSION --iso FILE [--signature FILE]
       ./scripts/gateway iso build  --release VERSION --values FILE [--output DIR]
                                    [--iso FILE [--signature FILE]] [--mirror URL]… [--cache DIR]
                                    [--config-cd] [--pool NAME --prefix TEXT [--uri URI]]

The installation media of OpenBSD/amd64 (${knownVersions.join(", ")}).

  fetch   gets installNN.iso and SHA256.sig from a mirror, verifies them, prints the path.
          A download that was cut off goes on where it stopped.
  verify  checks an ISO against the SHA256.sig of its release, with signify.
  build   makes the CD that installs the gateway unattended, and prints its path. Without --iso the
          official CD is fetched first. The same inputs give the same bytes under the same name.

  --release VERSION  the release, such as 7.9: exactly its key is accepted
  --iso FILE         an ISO that is here already
  --signature FILE   its SHA256.sig (default: the one beside the ISO)
  --key FILE         a signify public key to verify with instead of OpenBSD's own
  --mirror URL       up to and including pub/OpenBSD; may be repeated, asked in order
                     (default: ${MIRRORS[0]} and ${MIRRORS.length - 1} more)
  --cache DIR        verified downloads (default: ~/.cache/openbsd-ipsec-gateway)
  --values FILE      what to install, as JSON; - reads standard input. Keys: hostname, domain,
                     interfaces [{name, address (CIDR or dhcp)}], gateway, dns, sshPublicKeys,
                     disk, diskGiB, sets, serialSpeed, timezone. Nothing secret belongs there.
  --output DIR       where the CD goes (default: .)
  --config-cd        build: makes only a second CD with the answers, for an unchanged official one
  --pool NAME        build: uploads what the installation needs to this libvirt pool as TEXT-NAME.iso,
                     keeps nothing here, and prints the volumes; with --config-cd both CDs
  --prefix TEXT      the gateway's name: two of them never share a CD
  --uri URI          libvirt connection (default: qemu:///system)
  --json             the result as JSON

Examples:
  ./scripts/gateway iso fetch --release 7.9
  ./scripts/gateway iso build --release 7.9 --values install.json --output media

Exit status: 0 done, 1 refused or failed (nothing made), 64 called wrongly.
`;

const options = {
  release: { type: "string" },
  iso: { type: "string" },
  signature: { type: "string" },
  key: { type: "string" },
  mirror: { type: "string", multiple: true },
  cache: { type: "string" },
  values: { type: "string" },
  output: { type: "string" },
  "config-cd": { type: "boolean" },
  pool: { type: "string" },
  prefix: { type: "string" },
  uri: { type: "string" },
  json: { type: "boolean" },
} as const;

type Options = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** What each action makes use of, beyond what all of them do. */
const ACTIONS = {
  fetch: ["mirror", "cache"],
  verify: ["iso", "signature"],
  build: [
    ...["iso", "signature", "mirror", "cache", "values", "output", "config-cd"],
    ...["pool", "prefix", "uri"],
  ],
} as const;
const EVERYWHERE = ["release", "key", "json"];

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: true,
  });
  const [action, ...more] = positionals;
  if (action === undefined || !(action in ACTIONS) || more.length > 0) {
    throw new UsageError("give fetch, verify or build: ./scripts/gateway iso --help");
  }
  const known: readonly string[] = [...EVERYWHERE, ...ACTIONS[action as keyof typeof ACTIONS]];
  const stray = Object.keys(values).find((option) => !known.includes(option));
  if (stray !== undefined) throw new UsageError(`${action}: does not know --${stray}`);

  const release = releaseOf(values, io);
  const key = await keyOf(release, values, io);
  switch (action as keyof typeof ACTIONS) {
    case "fetch": {
      const { iso, signature, sha256, cached } = await fetched(release, key, values, io);
      return report(io, values, iso, { ...about(release, key), iso, signature, sha256, cached });
    }
    case "verify": {
      const { iso, sha256 } = await given(release, key, required(values, "iso"), values, io);
      const verdict = `${iso}: verified with ${key.owner}`;
      return report(io, values, verdict, { ...about(release, key), iso, sha256 });
    }
    case "build": {
      if (values.pool !== undefined) return provide(release, key, values, io);
      const { file, built } = await build(release, key, values, io);
      return report(io, values, file, { ...about(release, key), file, built });
    }
  }
}

/** Everything the installation reads, in the pool it reads it from. */
async function provide(
  release: Release,
  key: SigningKey,
  values: Options,
  io: Io,
): Promise<number> {
  const pool = { uri: values.uri ?? "qemu:///system", pool: required(values, "pool") };
  const prefix = required(values, "prefix");
  const started = Date.now();
  const scratch = join(values.cache ?? defaultCache(), "built");
  const from = await official(release, key, values, io);
  const request = { ...(await buildRequest(release, values, io)), output: scratch };
  const { file } = values["config-cd"]
    ? await buildConfigCd(request)
    : await buildInstallCd(request, from);
  const made = Date.now();
  const cds = [];
  for (const image of values["config-cd"] ? [from.iso, file] : [file]) {
    cds.push(await uploadTo(pool, image, prefix));
  }
  await removeOthers(pool, prefix, cds);
  await rm(file);
  const seconds = { media: since(started, made), upload: since(made, Date.now()) };
  const text = cds.map(({ volume }) => `${pool.pool}/${volume}`).join("\n");
  return report(io, values, text, { ...about(release, key), sha256: from.sha256, cds, seconds });
}

function since(start: number, end: number): number {
  return Math.round((end - start) / 100) / 10;
}

function required(
  values: Options,
  option: "release" | "iso" | "values" | "pool" | "prefix",
): string {
  const value = values[option];
  if (value === undefined) throw new UsageError(`needs --${option}`);
  return value;
}

function releaseOf(values: Options, io: Io): Release {
  const version = required(values, "release");
  const release = findRelease(version);
  if (!release) throw new Refusal(unknownRelease(version));
  const warning = releaseWarning(release);
  if (warning !== undefined) io.err(`warning: ${warning}\n`);
  return release;
}

async function keyOf(release: Release, values: Options, io: Io): Promise<SigningKey> {
  if (values.key === undefined) return releaseKey(release);
  const key = await configKey(values.key);
  io.err(`warning: verifying with the key from config (${values.key}), not with OpenBSD's\n`);
  return key;
}

/** An ISO that the operator has. */
async function given(
  release: Release,
  key: SigningKey,
  iso: string,
  values: Options,
  io: Io,
): Promise<VerifiedIso> {
  const signature = values.signature ?? join(dirname(iso), "SHA256.sig");
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
  values: Options,
  io: Io,
): Promise<VerifiedIso & { readonly cached: boolean }> {
  const mirrors = values.mirror ?? MIRRORS;
  const bad = mirrors.find((url) => !/^https?:\/\/[^/]/.test(url));
  if (bad !== undefined) throw new UsageError(`--mirror ${bad}: is not an http or https URL`);
  const cache = values.cache ?? defaultCache();
  const found = await fetchIso({ release, key, mirrors, cache, io });
  await checkInstallCd(found.iso, release);
  return { ...found, key };
}

async function build(release: Release, key: SigningKey, values: Options, io: Io): Promise<Built> {
  const request = await buildRequest(release, values, io);
  if (values["config-cd"]) return buildConfigCd(request);
  return buildInstallCd(request, await official(release, key, values, io));
}

/** The verified ISO: the operator's own, or a mirror's. */
function official(release: Release, key: SigningKey, values: Options, io: Io) {
  return values.iso === undefined
    ? fetched(release, key, values, io)
    : given(release, key, values.iso, values, io);
}

async function buildRequest(release: Release, values: Options, io: Io): Promise<BuildRequest> {
  const origin = required(values, "values");
  const json = origin === "-" ? await io.stdin() : await readFile(origin, "utf8");
  const wanted = parseValues(json, origin === "-" ? "standard input" : origin);
  return { release, values: wanted, output: values.output ?? ".", io };
}

function about(release: Release, key: SigningKey) {
  return { release: release.version, key: key.source };
}

function report(io: Io, values: Options, text: string, facts: object): number {
  io.out(`${values.json ? JSON.stringify(facts) : text}\n`);
  return EXIT.ok;
}

export const command: Command = {
  name: "iso",
  summary: "gets, verifies and builds the installation media",
  usage,
  run,
};
