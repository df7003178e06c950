/**
 * The dialogue of OpenBSD's installer, as autoinstall(8) goes through it: which questions come in
 * which order, what is their default, and which line of the response file answers them. Written
 * from install.sub's documented behaviour, apart from the renderer, to judge what that makes.
 */

/** The installer gave up. */
export class Aborted extends Error {}

/** The response file: every question takes the first line that fits, and uses it up. */
export class Responses {
  private lines: readonly { readonly key: string; readonly answer: string }[];

  constructor(text: string) {
    this.lines = text.split("\n").flatMap((raw) => {
      const line = raw.trim();
      const equals = line.indexOf("=");
      if (line.startsWith("#") || equals <= 0 || equals === line.length - 1) return [];
      return [{ key: line.slice(0, equals).trim(), answer: line.slice(equals + 1).trim() }];
    });
  }

  public ask(question: string, standard?: string): string {
    const index = this.lines.findIndex(({ key }) => fits(question, key));
    const line = this.lines[index];
    if (line) {
      this.lines = this.lines.filter((_, i) => i !== index);
      return line.answer;
    }
    if (standard === undefined) throw new Aborted(`Question has no answer: "${question}"`);
    return standard;
  }

  public get unused(): readonly string[] {
    return this.lines.map(({ key }) => key);
  }
}

/** The key stands in the question as whole words: blank or start before it, blank, ? or end after. */
export function fits(question: string, key: string): boolean {
  const text = question.toLowerCase();
  const wanted = key.toLowerCase();
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = text.charAt(at - 1);
    const after = text.charAt(at + wanted.length);
    if (["", " ", "\t"].includes(before) && ["", " ", "\t", "?"].includes(after)) return true;
  }
  return false;
}

export interface Machine {
  readonly version: string;
  readonly nics: readonly string[];
  /** Whether somebody answers DHCP requests with a router. */
  readonly dhcpRouter: boolean;
  readonly video: boolean;
  readonly disks: readonly string[];
  readonly heldOpenbsd: boolean;
  /** Per CD drive: directory of the sets, and the files there. */
  readonly cds: Readonly<Record<string, { readonly directory: string; readonly files: string[] }>>;
  /** IPv6 default of the release. */
  readonly ipv6: "none" | "autoconf";
}

export interface Installed {
  readonly hostname: string;
  readonly interfaces: Readonly<Record<string, { ipv4: string; ipv6: string }>>;
  readonly route: string | undefined;
  readonly domain: string;
  readonly nameservers: string;
  readonly password: string;
  readonly rootKey: string;
  readonly rootLogin: string;
  readonly console: string;
  readonly disk: string;
  readonly layout: string;
  readonly template: string;
  readonly sets: readonly string[];
  readonly unused: readonly string[];
}

/** Runs the whole dialogue. @throws Aborted */
export function install(responseFile: string, machine: Machine): Installed {
  const file = new Responses(responseFile);
  const ask = file.ask.bind(file);
  const confirm = (question: string) => {
    if (!/^y(es)?$/i.test(ask(question, "no"))) throw new Aborted(question);
  };

  if (machine.video) ask("Choose your keyboard layout ('?' or 'L' for list)", "default");
  else ask("Terminal type?", "vt220");
  const hostname = ask("System hostname? (short form, e.g. 'foo')");
  const interfaces = configureInterfaces(ask, machine);
  const addresses = Object.values(interfaces).map(({ ipv4 }) => ipv4);
  const leased = addresses.includes("autoconf") && machine.dhcpRouter;
  const route =
    leased || addresses.every((ipv4) => ipv4 === "none")
      ? undefined
      : ask("Default IPv4 route? (IPv4 address or 'none')");
  const domain = ask("DNS domain name? (e.g. 'example.com')", "my.domain");
  const nameservers = ask("DNS nameservers? (IP address list or 'none')", "none");
  const password = ask("Password for root account?");
  const rootKey = ask("Public ssh key for root account?", "none");
  ask("Start sshd(8) by default?", "yes");
  if (machine.video) {
    ask("Do you expect to run the X Window System?", "yes");
    ask("Do you want the X Window System to be started by xenodm(1)?", "no");
  }
  const serial = ask("Change the default console to com0?", machine.video ? "no" : "yes") === "yes";
  const speed = serial ? ask("Which speed should com0 use? (or 'done')", "9600") : undefined;
  if (ask("Setup a user? (enter a lower-case loginname, or 'no')", "no") !== "no") {
    throw new Aborted("a user means a password in the file");
  }
  const rootLogin = ask("Allow root ssh login? (yes, no, prohibit-password)", "no");
  ask("What timezone are you in? ('?' for list)");
  const disk = ask("Which disk is the root disk? ('?' for details)", machine.disks[0]);
  if (!machine.disks.includes(disk)) throw new Aborted("no such disk");
  ask("Encrypt the root disk with a (p)assphrase or (k)eydisk?", "no");
  const layout = machine.heldOpenbsd
    ? ask("Use (W)hole disk MBR, whole disk (G)PT, (O)penBSD area or (E)dit?", "OpenBSD")
    : ask("Use (W)hole disk MBR, whole disk (G)PT or (E)dit?", "whole");
  const template = ask("URL to autopartitioning template for disklabel?", "none");
  if (machine.disks.length > 1) ask("Which disk do you wish to initialize? (or 'done')", "done");
  const sets = installSets(ask, confirm, machine);
  return {
    hostname,
    interfaces,
    route,
    domain,
    nameservers,
    password,
    rootKey,
    rootLogin,
    console: serial ? `com0 ${speed ?? ""}` : "display",
    disk,
    layout,
    template,
    sets,
    unused: file.unused,
  };
}

type Ask = (question: string, standard?: string) => string;

function configureInterfaces(ask: Ask, { nics, ipv6 }: Machine) {
  const interfaces: Record<string, { ipv4: string; ipv6: string }> = {};
  for (;;) {
    const count = Object.keys(interfaces).length;
    const standard = count === 0 ? nics[0] : "done";
    const name = ask("Network interface to configure? (name, lladdr, '?', or 'done')", standard);
    if (name === "done") return interfaces;
    if (!nics.includes(name)) throw new Aborted(`'${name}' is not a valid choice.`);
    if (count > 0) ask(`Symbolic (host) name for ${name}?`, "host");
    const ipv4 = ask(`IPv4 address for ${name}? (or 'autoconf' or 'none')`, "autoconf");
    if (/^[\d.]+$/.test(ipv4)) ask(`Netmask for ${name}?`, "255.255.255.0");
    interfaces[name] = {
      ipv4,
      ipv6: ask(`IPv6 address for ${name}? (or 'autoconf' or 'none')`, ipv6),
    };
  }
}

function installSets(ask: Ask, confirm: (question: string) => void, machine: Machine): string[] {
  const installed: string[] = [];
  const drives = Object.keys(machine.cds).join(" ");
  for (let standard = "http"; ; standard = "done") {
    const where = ask(`Location of sets? (${drives} disk http nfs or 'done')`, standard);
    if (where === "done") break;
    const cd = machine.cds[where];
    if (!cd) throw new Aborted(`'${where}' has no sets here`);
    const path = ask("Pathname to the sets? (or 'done')", `${machine.version}/amd64`);
    if (path !== cd.directory) throw new Aborted(`The directory '${path}' does not exist.`);
    installed.push(...installFrom(cd.files, ask, confirm));
  }
  for (const needed of ["bsd", "base"]) {
    const there = installed.some((set) => set.replace(/\d*\.tgz$/, "") === needed);
    if (!there) throw new Aborted(`Are you *SURE* your install is complete without '${needed}'?`);
  }
  return installed;
}

function installFrom(files: readonly string[], ask: Ask, confirm: (question: string) => void) {
  const available = files.filter((file) => /^bsd|\.tgz$/.test(file));
  if (!files.includes("INSTALL.amd64")) {
    confirm("INSTALL.amd64 not found. Use sets found here anyway?");
  }
  const chosen = selectSets(available, ask);
  if (!files.includes("SHA256.sig")) {
    confirm("Directory does not contain SHA256.sig. Continue without verification?");
    return chosen;
  }
  const unsigned = chosen.filter((set) => set.startsWith("site"));
  for (const set of unsigned) confirm(`Checksum test for ${set} failed. Continue anyway?`);
  if (unsigned.length > 0) {
    confirm(`Unverified sets: ${unsigned.join(" ")}. Continue without verification?`);
  }
  return chosen;
}

function selectSets(available: readonly string[], ask: Ask): string[] {
  let chosen = available.filter((set) => !set.startsWith("site"));
  for (;;) {
    for (const word of ask("Set name(s)? (or 'abort' or 'done')", "done").split(/\s+/)) {
      if (word === "done") return chosen;
      if (word === "abort") throw new Aborted("abort");
      const glob = word.replace(/^[+-]/, "");
      const pattern = glob.split("*").map((part) => part.replace(/[.]/g, "\\."));
      const matched = available.filter((set) => new RegExp(`^${pattern.join(".*")}$`).test(set));
      if (matched.length === 0) throw new Aborted(`'${word}' is not a valid choice.`);
      chosen = available.filter((set) =>
        matched.includes(set) ? !word.startsWith("-") : chosen.includes(set),
      );
    }
  }
}
