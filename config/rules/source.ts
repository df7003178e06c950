import { family } from "../net";
import { findRelease, releaseWarning } from "../releases";
import { finding, type Rule } from "./rule";

export const oneSource: Rule = {
  code: "GW090",
  check: ({ source }) => {
    if (!source) return [];
    const ways = (["image", "iso", "disk"] as const).filter((way) => source[way] !== undefined);
    if (ways.length === 1) return [];
    return [
      ways.length > 1
        ? finding("source", `has ${ways.join(" and ")}`, "leave one of them")
        : finding(
            "source",
            "says neither image nor iso nor disk",
            "write source.iso.release, or source.image.file",
          ),
    ];
  },
};

export const poolForMedia: Rule = {
  code: "GW091",
  check: ({ hypervisor, source }) =>
    source?.iso && hypervisor?.mediaPool === undefined && hypervisor !== undefined
      ? [
          finding(
            "hypervisor.mediaPool",
            "is missing, and source.iso needs it",
            "write the name of a libvirt pool of type dir with 1 GiB free",
          ),
        ]
      : [],
};

export const somebodyLogsIn: Rule = {
  code: "GW092",
  check: ({ admin, source }) =>
    source?.iso && admin && admin.publicKeys === undefined && admin.identityFile === undefined
      ? [
          finding(
            "admin.publicKeys",
            "is missing, and source.iso needs it",
            "write who may log in, or admin.identityFile with its .pub beside it",
          ),
        ]
      : [],
};

export const provenDisk: Rule = {
  code: "GW103",
  check: ({ source, admin }) => {
    const disk = source?.disk;
    if (!disk) return [];
    const hash = finding(
      "source.disk.sha256",
      "is missing, and source.disk.from needs it",
      "write what ./scripts/gateway promote --list shows for the sealed disk",
    );
    const key = finding(
      "source.disk.hostKey",
      "is missing: the gateway on the disk would be believed without one",
      "write its public host key, or source.disk.from",
    );
    const login = finding(
      "admin.publicKeys",
      "is missing, and source.disk.from needs it",
      "write who may log in, or admin.identityFile with its .pub beside it",
    );
    if (!disk.from) return disk.hostKey === undefined ? [key] : [];
    return [
      ...(disk.sha256 === undefined ? [hash] : []),
      ...(admin && admin.publicKeys === undefined && admin.identityFile === undefined
        ? [login]
        : []),
    ];
  },
};

export const installerSpeaksIpv4: Rule = {
  code: "GW093",
  check: ({ network, source }) => {
    if (!source?.iso || !network) return [];
    // With an outside of its own the default route is the stack's, as the installer sees the inside alone.
    const router: [path: string, value: string][] = network.outside
      ? []
      : [["network.gateway", network.gateway]];
    const places: [path: string, value: string][] = [
      ["network.address", network.address],
      ...router,
      ...network.dns.map((value, index): [string, string] => [`network.dns[${index}]`, value]),
    ];
    return places
      .filter(([, value]) => family(value) === 6)
      .map(([path, value]) =>
        finding(path, `${value} is IPv6`, "write an IPv4 one, or install from an image"),
      );
  },
};

export const installedAccess: Rule = {
  code: "GW094",
  check: ({ admin, source }) => {
    if (!source?.iso || !admin) return [];
    return [
      ...(admin.user === "root"
        ? []
        : [finding("admin.user", `${admin.user} is not on a new system`, "write root")]),
      ...(admin.port === 22
        ? []
        : [finding("admin.port", `a new system does not listen on ${admin.port}`, "write 22")]),
    ];
  },
};

export const whereTheIsoIs: Rule = {
  code: "GW095",
  check: ({ source }) => {
    const iso = source?.iso;
    if (!iso) return [];
    if (iso.file === undefined && iso.signature !== undefined) {
      const fix = "write source.iso.file too, or leave it out: it is fetched with the ISO";
      return [finding("source.iso.signature", "belongs to no source.iso.file", fix)];
    }
    if (iso.file !== undefined && iso.mirrors !== undefined) {
      const fix = "leave it out, or leave out source.iso.file";
      return [finding("source.iso.mirrors", "is not asked when source.iso.file is there", fix)];
    }
    return [];
  },
};

/** What the smallest layout of disklabel.ts fits on. */
const SMALLEST_GIB = 2;

export const diskForInstaller: Rule = {
  code: "GW098",
  check: ({ machine, source }) =>
    source?.iso && machine && machine.diskGiB < SMALLEST_GIB
      ? [
          finding(
            "machine.diskGiB",
            `${machine.diskGiB} is too small to install on`,
            "write 10 or more; below that everything shares one file system, below 2 nothing fits",
          ),
        ]
      : [],
};

export const supportedRelease: Rule = {
  code: "GW099",
  check: ({ source }) => {
    const release = source?.iso && findRelease(source.iso.release);
    const warning = release && releaseWarning(release);
    if (warning === undefined) return [];
    const [what = "", ...fix] = warning.split(": ");
    return [finding("source.iso.release", what, fix.join(": "))];
  },
};
