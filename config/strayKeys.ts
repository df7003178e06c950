import { closest } from "./closest";
import type { ConfigReader } from "./reader";
import type { Problem } from "./problems";
import { stackKeys } from "./schema";
import { SHAPE } from "./shape";

const KNOWN = Object.keys(stackKeys);

export interface Stray {
  readonly problem: Problem;
  /** The key of the stack that it is most likely meant for. */
  readonly meant: string;
}

/**
 * Keys that nobody reads because of a slip: Pulumi takes any key, and the default would apply without a
 * word. Other namespaces are other programs', and keys that are like none of ours may be secrets.
 */
export function strayKeys(
  keys: ConfigReader["keys"],
  isSecret: (key: string) => boolean = () => false,
): Stray[] {
  if (keys === undefined) return [];
  const { names, namespace } = keys;
  return names.flatMap((name) => {
    const [, space = namespace, key = name] = /^([^:]*):(.*)$/.exec(name) ?? [];
    const known = KNOWN.includes(key);
    const meant = known ? key : closest(key, KNOWN);
    if (meant === undefined) return [];
    if (space === namespace) {
      if (known || isSecret(key)) return [];
      return [{ problem: stray(key, "is not a known key", `write ${meant}`), meant }];
    }
    if (!known || closest(space, [namespace]) === undefined) return [];
    return [{ problem: stray(name, "is not read here", `write ${namespace}:${key}`), meant }];
  });
}

const stray = (path: string, message: string, fix: string): Problem => ({
  code: SHAPE,
  path,
  message,
  fix,
});
