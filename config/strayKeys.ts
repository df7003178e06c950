import { closest } from "./closest";
import type { ConfigReader } from "./reader";
import type { Problem } from "./problems";
import { stackKeys } from "./schema";
import { SHAPE } from "./shape";

const KNOWN = Object.keys(stackKeys);

/**
 * Keys that nobody reads because of a slip: Pulumi takes any key, and the default would apply without a
 * word. Other namespaces are other programs', and keys that are like none of ours may be secrets.
 */
export function strayKeys(keys: ConfigReader["keys"], secrets: ReadonlySet<string>): Problem[] {
  if (keys === undefined) return [];
  const { names, namespace } = keys;
  return names.flatMap((name) => {
    const [, space = namespace, key = name] = /^([^:]*):(.*)$/.exec(name) ?? [];
    const known = KNOWN.includes(key);
    const meant = known ? key : closest(key, KNOWN);
    if (space === namespace) {
      if (known || meant === undefined || secrets.has(key)) return [];
      return [stray(key, "is not a known key", `write ${meant}`)];
    }
    if (!known || closest(space, [namespace]) === undefined) return [];
    return [stray(name, "is not read here", `write ${namespace}:${key}`)];
  });
}

const stray = (path: string, message: string, fix: string): Problem => ({
  code: SHAPE,
  path,
  message,
  fix,
});
