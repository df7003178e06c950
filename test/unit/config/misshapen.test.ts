import { ConfigError, loadConfig, type Problem } from "../../../config/load";
import { sections, tunnelSchema } from "../../../config/schema";
import { edited, TODAY, type Values } from "../support/stack";
import { cases, secrets } from "./cases";

/** Everything that is said of the stack, by code and place: a text may name another partner. */
function said(all: Values): string[] {
  const named = ({ code, path }: Problem) => `${code} ${path}`;
  const values = new Map<string, string>(Object.entries(secrets));
  try {
    const { warnings } = loadConfig({
      object: (key) => all[key],
      secret: (key) => values.get(key),
      keys: { names: Object.keys(all).map((key) => `gw:${key}`), namespace: "gw" },
      today: TODAY,
    });
    return warnings.map(named);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [...error.problems, ...error.warnings].map(named);
  }
}

const { perimeter, ...plain } = sections;

/** Every key of the sections and of two tunnels, as `network.dns` and `tunnels.0.psk`. */
const KEYS = [
  ...Object.entries(plain).flatMap(([section, { shape }]) =>
    Object.keys(shape).map((key) => `${section}.${key}`),
  ),
  ...perimeter.options.flatMap(({ shape }) => Object.keys(shape).map((key) => `perimeter.${key}`)),
  ...[0, 1].flatMap((index) =>
    Object.keys(tunnelSchema.shape).map((key) => `tunnels.${index}.${key}`),
  ),
];

const pathOf = (key: string): string => key.replace(/\.(\d)/, "[$1]");

/** A list in a list is right nowhere. */
const misshapen = (key: string, all: Values): Values => edited({ [key]: [[]] }, all);

/** The value under a name that is nearly the key's. */
function misspelt(key: string, all: Values): Values {
  const value = key.split(".").reduce<unknown>((inner, at) => Reflect.get(inner ?? {}, at), all);
  return edited({ [key]: undefined, [`${key}x`]: value }, all);
}

const hasPart = (key: string, all: Values): boolean => isWritten(key.replace(/\.\w+$/, ""), all);

function isWritten(key: string, all: Values): boolean {
  const value = key
    .split(".")
    .reduce<unknown>(
      (inner, at) => (inner === undefined ? inner : Reflect.get(inner as object, at)),
      all,
    );
  return value !== undefined;
}

const ALL = Object.entries(cases).flatMap(([code, some]) =>
  some.map((one, index) => ({ code, index, ...one })),
);

/** The keys that a case is about, and of the others a part, for each case another. */
const someKeys = (of: number, changes: Values): string[] =>
  KEYS.filter(
    (key, index) =>
      (index + of) % 48 === 0 ||
      Object.keys(changes).some((changed) => `${changed}.`.startsWith(`${key}.`)),
  );

it.each([
  ["refuses", "misshapen", misshapen],
  ["refuses", "misspelt", misspelt],
  ["accepts", "misshapen", misshapen],
  ["accepts", "misspelt", misspelt],
] as const)(
  "of what a rule %s, nothing follows from a %s key",
  (which, _, spoil) => {
    const wrong = ALL.flatMap((one, at) => {
      const { code } = one;
      const all = () => edited(one[which]);
      const before = said(all());
      return someKeys(at, one[which])
        .filter((key) => hasPart(key, all()) && (spoil === misshapen || isWritten(key, all())))
        .flatMap((key) => {
          const now = said(spoil(key, all()));
          const own = now.filter((text) => text.startsWith(`GW001 ${pathOf(key)}`));
          const more = now.filter((text) => !before.includes(text) && !own.includes(text));
          return own.length > 0 && more.length === 0
            ? []
            : [`${code}[${one.index}] with ${key}: ${own.length}, ${more.join(", ")}`];
        });
    });
    expect(wrong).toEqual([]);
  },
  120_000,
);

/** A key of each part that no rule reads but one that is about it. */
const BYSTANDERS = [
  ...["machine.vcpus", "hypervisor.pool", "admin.proxy", "network.maxMss", "ike.deadPeerSeconds"],
  ...["system.errata", "watchdog.failures", "tunnels.0.watchdog", "tunnels.1.watchdog"],
];

it.each(Object.entries(cases))("%s is said beside misshapen keys of every part", (_, some) => {
  for (const { refuses } of some) {
    const keys = BYSTANDERS.filter((key) => !(key in refuses) && hasPart(key, edited(refuses)));
    const all = keys.reduce((values, key) => misshapen(key, values), edited(refuses));
    const expected = [...said(edited(refuses)), ...keys.map((key) => `GW001 ${pathOf(key)}`)];
    expect(said(all).sort()).toEqual(expected.sort());
  }
});
