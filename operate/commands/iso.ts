import { knownVersions } from "../../config/releases";
import { declare, flag, valued } from "../commandLine/declaration";
import { json as documents } from "../commandLine/shared";
import { directory, file, text } from "../commandLine/values";
import { MIRRORS } from "../media/mirrors";

const version = text("VERSION");
const aboutRelease = "the release, such as 7.9: exactly its key is accepted";
const release = valued(version, aboutRelease, { required: true });
const url = text("URL", { pattern: /^https?:\/\/[^/]/, name: "an http or https URL" });
const aboutIso = "an ISO that is here already";
const signature = valued(file, "the ISO's SHA256.sig (default: the one beside the ISO)");
const mirror = valued(
  url,
  `up to and including pub/OpenBSD; may be repeated, asked in order (default: ${MIRRORS[0]} and ` +
    `${MIRRORS.length - 1} more)`,
  { many: true },
);
const cache = valued(directory, "verified downloads (default: ~/.cache/openbsd-ipsec-gateway)");
const key = valued(file, "a signify public key to verify with instead of OpenBSD's own");
const json = documents("iso-fetch", "iso-verify", "iso-build", "iso-build-pool");

export const command = declare({
  name: "iso",
  summary: "gets, verifies and builds the installation media",
  text: `The installation media of OpenBSD/amd64 (${knownVersions.join(", ")}).`,
  actions: {
    fetch: {
      text:
        "gets installNN.iso and SHA256.sig from a mirror, verifies them, prints the path; a download " +
        "that was cut off continues where it stopped",
      options: {
        release: valued(version, aboutRelease, { required: true, byPosition: true }),
        ...{ mirror, cache, key, json },
      },
    },
    verify: {
      text: "checks an ISO against the SHA256.sig of its release, with signify",
      options: {
        release,
        iso: valued(file, aboutIso, { required: true, byPosition: true }),
        ...{ signature, key, json },
      },
    },
    build: {
      text:
        "makes the CD that installs the gateway unattended, and prints its path. Without --iso the " +
        "official CD is fetched first. The same inputs give the same bytes under the same name",
      options: {
        release,
        values: valued(
          file,
          "what to install, as JSON; - reads standard input. Keys: hostname, domain, interfaces [{name, " +
            "address (CIDR or dhcp)}], gateway, dns, sshPublicKeys, disk, diskGiB, sets, serialSpeed, " +
            "timezone. Nothing secret belongs there",
          { required: true },
        ),
        output: valued(directory, "where the CD goes (default: .)"),
        iso: valued(file, aboutIso),
        ...{ signature, mirror, cache, key },
        "config-cd": flag("makes only a second CD with the answers, for an unchanged official one"),
        pool: valued(
          text("NAME"),
          "uploads what the installation needs to this libvirt pool as TEXT-NAME.iso, keeps nothing here, " +
            "and prints the volumes; with --config-cd both CDs",
        ),
        prefix: valued(text("TEXT"), "the gateway's name: two of them never share a CD"),
        uri: valued(text("URI"), "libvirt connection (default: qemu:///system)"),
        json,
      },
    },
  },
  examples: [
    "./scripts/gateway iso fetch 7.9",
    "./scripts/gateway iso verify --release 7.9 install79.iso",
    "./scripts/gateway iso build --release 7.9 --values install.json --output media",
  ],
  exit: { ok: "done", failed: "refused or failed (nothing made)" },
});
