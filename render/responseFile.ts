import { setDirectory, siteSetName, type Release } from "../config/releases";
import type { SerialSpeed } from "./bootConf";

export interface InstallInterface {
  /** As OpenBSD names it: vio0. */
  readonly name: string;
  /** IPv4 address with prefix (10.10.0.2/24), or `dhcp`. */
  readonly address: string;
}

export interface ResponseValues {
  readonly release: Release;
  /** Short form, without domain. */
  readonly hostname: string;
  /** DNS domain. Default: what DHCP says, or the installer's my.domain. */
  readonly domain?: string | undefined;
  /** At least one, in the order in which they are configured. */
  readonly interfaces: readonly InstallInterface[];
  /** IPv4 default router. Used when an interface is static; absent means none. */
  readonly gateway?: string | undefined;
  /** Resolvers, addresses. Empty: DHCP's, or none. */
  readonly dns: readonly string[];
  /** Root's SSH key, in the form of authorized_keys. The rest of them are install.site's. */
  readonly sshPublicKey: string;
  /** The disk to install on: sd0 for virtio. Everything on it is lost. */
  readonly disk: string;
  /** Which sets, as select words of the installer on top of its default (all): `-x*`, `-game*`. */
  readonly sets: readonly string[];
  readonly serialSpeed: SerialSpeed;
  /** As in /usr/share/zoneinfo. */
  readonly timezone: string;
  /**
   * Where the site set lies. `sets`: beside the sets, on the remastered install CD. `cd1`: in the
   * root of a second CD, next to an untouched install CD.
   */
  readonly siteSetOn: "sets" | "cd1";
}

/**
 * No password matches 13 asterisks, and the installer stores them as they are (autoinstall(8)): so
 * the file holds no secret and root logs in with a key or on the console of the hypervisor only.
 */
const NO_PASSWORD = "*************";

type Line = readonly [question: string, answer: string];

/**
 * Answers for autoinstall(8).
 *
 * A line answers a question that contains its key as whole words: the key must begin at the start
 * or after a blank, and end before a blank, a `?` or the end. The first line that fits is taken,
 * and only once, so a question asked twice needs two lines in order.
 *
 * @throws RangeError if a value is empty or has more than one line.
 */
export function responseFile(values: ResponseValues): string {
  const lines: Line[] = [
    ["System hostname", values.hostname],
    ...network(values),
    ["Password for root account", NO_PASSWORD],
    ["Public ssh key for root account", values.sshPublicKey],
    ["Start sshd(8) by default", "yes"],
    // Only asked with a display, which a guest with video has.
    ["Do you expect to run the X Window System", "no"],
    ["Do you want the X Window System to be started by xenodm(1)", "no"],
    ["Change the default console to com0", "yes"],
    ["Which speed should com0 use", String(values.serialSpeed)],
    ["Setup a user", "no"],
    ["Allow root ssh login", "prohibit-password"],
    ["What timezone are you in", values.timezone],
    ["Which disk is the root disk", values.disk],
    ["Encrypt the root disk with a (p)assphrase or (k)eydisk", "no"],
    // The question ends differently on a disk that held OpenBSD before; this much is in both.
    ["Use (W)hole disk", "whole"],
    ["URL to autopartitioning template for disklabel", "file:///disklabel.template"],
    ["Which disk do you wish to initialize", "done"],
    ...sets(values),
  ];
  return lines.map(([question, answer]) => `${question} = ${oneLine(question, answer)}\n`).join("");
}

function network({ hostname, domain, interfaces, gateway, dns }: ResponseValues): Line[] {
  const lines = interfaces.flatMap(({ name, address }, i): Line[] => [
    ["Network interface to configure", name],
    // The first interface takes the host's name without being asked.
    ...(i === 0 ? [] : [[`Symbolic (host) name for ${name}`, hostname] as const]),
    [`IPv4 address for ${name}`, address === "dhcp" ? "autoconf" : address],
    // The default differs between releases; pf and the tunnels know IPv4 on this side only.
    [`IPv6 address for ${name}`, "none"],
  ]);
  lines.push(["Network interface to configure", "done"]);
  if (interfaces.some(({ address }) => address !== "dhcp")) {
    lines.push(["Default IPv4 route", gateway ?? "none"]);
  }
  if (domain !== undefined) lines.push(["DNS domain name", domain]);
  if (dns.length > 0) lines.push(["DNS nameservers", dns.join(" ")]);
  return lines;
}

function sets({ release, sets: selection, siteSetOn }: ResponseValues): Line[] {
  const site = siteSetName(release);
  const selected = (...more: string[]) => [...selection, ...more, "done"].join(" ");
  // The CD is verified as a whole before it is used; what is not signed on it is ours. There is no
  // answer to "Signature check of SHA256.sig failed" on purpose: then the CD was altered later.
  const unsigned: Line = [
    "Directory does not contain SHA256.sig. Continue without verification",
    "yes",
  ];
  const install: Line[] = [
    ["Location of sets", "cd0"],
    ["Pathname to the sets", setDirectory(release)],
  ];
  const done: Line = ["Location of sets", "done"];
  switch (siteSetOn) {
    case "sets":
      return [
        ...install,
        ["Set name(s)", selected("+site*")],
        unsigned,
        // With a signed list beside the sets the site set is the one that is not in it.
        [`Checksum test for ${site} failed. Continue anyway`, "yes"],
        [`Unverified sets: ${site}. Continue without verification`, "yes"],
        done,
      ];
    case "cd1":
      return [
        ...install,
        ["Set name(s)", selected()],
        unsigned,
        ["Location of sets", "cd1"],
        ["Pathname to the sets", "/"],
        ["INSTALL.amd64 not found. Use sets found here anyway", "yes"],
        ["Set name(s)", "+site* done"],
        unsigned,
        done,
      ];
    default:
      return siteSetOn satisfies never;
  }
}

function oneLine(question: string, answer: string): string {
  if (answer.trim() === "" || /[\r\n]/.test(answer)) {
    throw new RangeError(`${question}: the answer must be one line of text`);
  }
  return answer;
}
