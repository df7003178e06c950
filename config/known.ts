/**
 * Thrown where a value is read whose shape is wrong: what depends on it cannot be known before it is mended.
 * A rule that reads it says nothing about its part of the configuration (rules.ts).
 */
export class Unknown extends Error {
  public override readonly name = "Unknown";

  /** `part` is a section's key, or `tunnels`; `key` the misshapen key in it, or what derives from it. */
  constructor(
    public readonly part: string,
    public readonly key: string,
  ) {
    super(`${part}: ${key} is not known`);
  }
}

/** What is known of an object: reading one of the `unknown` keys throws. */
export interface Known<T> {
  readonly value: T;
  readonly unknown: ReadonlySet<string>;
}

/** The object of what the functions give; a key is unknown if its function reads something that is. */
export function knownOf<T extends object>(
  part: string,
  keys: { readonly [K in keyof T]-?: () => T[K] },
): Known<T> {
  const unknown = new Set<string>();
  const value = {};
  for (const [key, of] of Object.entries<() => unknown>(keys)) {
    const known = ifKnown(() => ({ it: of() }), undefined);
    if (known === undefined) {
      unknown.add(key);
      const get = () => {
        throw new Unknown(part, key);
      };
      Object.defineProperty(value, key, { get, enumerable: true });
    } else if (known.it !== undefined) {
      Reflect.set(value, key, known.it);
    }
  }
  return { value: value as T, unknown };
}

/** What the function gives, or the other value if it reads what is not known. */
export function ifKnown<T>(of: () => T, otherwise: T): T {
  try {
    return of();
  } catch (error) {
    if (error instanceof Unknown) return otherwise;
    throw error;
  }
}

/** Stands for a section of which nothing is known: reading any key throws. */
export function nothingKnown(part: string): never {
  return new Proxy({} as never, {
    get: (_, key) => {
      throw new Unknown(part, String(key));
    },
  });
}
