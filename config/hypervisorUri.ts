/** What is wrong with a connection URI of libvirt, and what to write instead. */
export interface UriProblem {
  readonly what: string;
  readonly fix: string;
}

/** The parts of a connection URI that the stack uses. */
export interface HypervisorUri {
  /** Where libvirt listens, if it is said: it may be another machine's, led here. */
  readonly socket?: string | undefined;
  /** Over SSH; else it is libvirt on this machine. */
  readonly ssh?: {
    /** Without the brackets of an IPv6 address. */
    readonly host: string;
    readonly user?: string | undefined;
    readonly port?: string | undefined;
    /** Paths on the machine that runs the stack, as they are in the URI. */
    readonly keyfile?: string | undefined;
    readonly knownHosts?: string | undefined;
  };
}

/**
 * The parameters that may stand in a URI. Every other one either lets somebody else be the hypervisor
 * (no_verify, known_hosts_verify, pkipath) or names a program that runs here (command, netcat).
 */
const KEYS = {
  local: ["socket", "mode"],
  ssh: ["keyfile", "knownhosts", "socket", "mode", "proxy", "sshauth"],
} as const;

const VALUES: Partial<Record<string, RegExp>> = {
  mode: /^(auto|direct|legacy)$/,
  proxy: /^(auto|native)$/,
  sshauth: /^(agent|privkey)(,(agent|privkey))*$/,
};

const PATH = /^(?![-])(?!.*\$\{(?!HOME\}))[^\p{Cc}]{1,1024}$/u;
const USER = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,31}$/;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])$/;

const EXAMPLES = "qemu:///system or qemu+ssh://root@hv1/system";

/** @returns undefined if the URI is one that the stack may use */
export function hypervisorUriProblem(uri: string): UriProblem | undefined {
  const read = readHypervisorUri(uri);
  return "what" in read ? read : undefined;
}

/**
 * Reads a connection URI strictly: a part that is not known is refused, because libvirt, the provider and
 * ssh read unknown parts each in another way.
 */
export function readHypervisorUri(uri: string): HypervisorUri | UriProblem {
  const parts =
    /^(?<driver>[a-z]+)(?:\+(?<transport>[a-z0-9]+))?:\/\/(?:(?<user>[^@/?#]*)@)?(?<host>\[[^\]/?#]*\]|[^:@/?#[\]]*)(?::(?<port>[^@/?#]*))?(?<path>\/[^?#]*)(?:\?(?<query>[^#]*))?$/.exec(
      uri,
    )?.groups;
  if (!parts)
    return { what: "is not the URI of a hypervisor", fix: `write one such as ${EXAMPLES}` };
  const { driver, transport, user, host = "", port, path = "", query } = parts;
  if (driver !== "qemu" && driver !== "test") {
    return { what: "is not a URI of QEMU and KVM", fix: `write one such as ${EXAMPLES}` };
  }
  if (transport !== undefined && transport !== "ssh" && transport !== "unix") {
    return {
      what: `goes over ${transport}, where nothing checks who the hypervisor is by a key of the stack's`,
      fix: `go over SSH, such as qemu+ssh://root@hv1/system`,
    };
  }
  const isSsh = transport === "ssh";
  if (!isSsh && (host !== "" || user !== undefined || port !== undefined)) {
    return {
      what: "goes over TLS, where nothing checks who the hypervisor is by a key of the stack's",
      fix: "go over SSH, such as qemu+ssh://root@hv1/system",
    };
  }
  if (!/^\/[a-zA-Z0-9._/-]*$/.test(path)) {
    return { what: "has a path that libvirt does not know", fix: "end it with /system" };
  }
  if (isSsh && !HOST.test(host)) {
    return {
      what: "has no usable host",
      fix: "write a host name or an address, such as qemu+ssh://root@hv1/system",
    };
  }
  if (user !== undefined && !USER.test(user)) {
    return {
      what: "has a user that is not a user name",
      fix: "write the plain name, such as qemu+ssh://root@hv1/system; never a password",
    };
  }
  if (port !== undefined && !(/^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65535)) {
    return { what: "has a port that is not a number from 1 to 65535", fix: "write one, or none" };
  }
  return withParameters(isSsh ? { host: bare(host), user, port } : undefined, query);
}

function withParameters(
  ssh: HypervisorUri["ssh"],
  query: string | undefined,
): HypervisorUri | UriProblem {
  const known: readonly string[] = ssh ? KEYS.ssh : KEYS.local;
  const found = new Map<string, string>();
  for (const pair of query === undefined || query === "" ? [] : query.split("&")) {
    const [key = "", coded = ""] = pair.split(/=(.*)/s);
    if (!known.includes(key)) {
      const name = /^\w{1,30}$/.test(key) ? key : "a parameter";
      return {
        what: `has ${name}, which a stack may not set`,
        fix: `leave it out: only ${known.join(", ")} may stand there`,
      };
    }
    const value = decoded(coded);
    if (found.has(key) || value === undefined || !(VALUES[key] ?? PATH).test(value)) {
      return { what: `has a value of ${key} that cannot be used`, fix: "write one value, once" };
    }
    found.set(key, value);
  }
  const socket = found.get("socket");
  if (!ssh) return { socket };
  return {
    socket,
    ssh: { ...ssh, keyfile: found.get("keyfile"), knownHosts: found.get("knownhosts") },
  };
}

/** libvirt reads "+" as itself, URLSearchParams as a space: a path has neither unless it is coded. */
function decoded(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9._~/,:@!$()*'{}-]|%[0-9A-Fa-f]{2})+$/.test(text)) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, "$1");
