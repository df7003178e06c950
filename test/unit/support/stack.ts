import { ConfigError, type LoadedStack, loadConfig, type Problem } from "../../../config/load";
import type { StackConfig } from "../../../config/schema";
import { isSignedByItsKey } from "../../../workstation/ownSignature";

export type Values = Record<string, unknown>;

/** A small declaration that is right in every way; tests change what they are about. */
export function values(): Values {
  return {
    hypervisor: { uri: "qemu:///system", pool: "vg0", bridge: "br0" },
    machine: { name: "gw-test" },
    source: { image: { file: "openbsd.img" } },
    network: { address: "10.10.0.2/24", gateway: "10.10.0.1", publicAddress: "198.51.100.1" },
    admin: { networks: ["10.10.0.254/32"] },
    ike: { daemon: "iked" },
    tunnels: [west(), east()],
  };
}

/** A gateway of IPv6, which has its public address itself. */
export const networkOfIpv6: Values = {
  address: "2001:db8:10::2/64",
  gateway: "2001:db8:10::1",
  publicAddress: "2001:db8:10::2",
  behindNat: false,
};

export function west(): Values {
  return {
    name: "west",
    peer: "198.51.100.11",
    local: ["10.10.0.0/24"],
    remote: ["10.20.1.0/24"],
    localId: "gw-test.example.net",
    remoteId: "west.example.net",
  };
}

export function east(): Values {
  return {
    ...west(),
    name: "east",
    peer: "198.51.100.12",
    remote: ["10.20.2.0/24"],
    remoteId: "east.example.net",
  };
}

/** The declaration with values set at dotted paths such as `tunnels.0.peer`; undefined removes. */
export function edited(changes: Values, base: Values = values()): Values {
  for (const [path, value] of Object.entries(changes)) set(base, path.split("."), value);
  return base;
}

function set(target: unknown, [key = "", ...rest]: string[], value: unknown): void {
  if (typeof target !== "object" || target === null) throw new Error(`nothing to set at ${key}`);
  if (rest.length === 0) {
    if (value === undefined) Reflect.deleteProperty(target, key);
    else Reflect.set(target, key, structuredClone(value));
    return;
  }
  if (Reflect.get(target, key) === undefined) Reflect.set(target, key, {});
  set(Reflect.get(target, key), rest, value);
}

/** The day of every test: exceptions end on a day. */
export const TODAY = "2026-11-23";

export function load(all: Values, secrets: Record<string, string> = {}): LoadedStack {
  return loadConfig({
    object: (key) => all[key],
    secret: (key) => secrets[key],
    isSigned: isSignedByItsKey,
    today: TODAY,
  });
}

export function configOf(changes: Values = {}): StackConfig {
  return load(edited(changes)).config;
}

/** What the loader only warns of. */
export function warningsOf(all: Values, secrets: Record<string, string> = {}): readonly Problem[] {
  return load(all, secrets).warnings;
}

/** What the loader complains about; empty if it accepts the declaration. */
export function problemsOf(all: Values, secrets: Record<string, string> = {}): readonly Problem[] {
  try {
    load(all, secrets);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
