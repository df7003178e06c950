// RandomPassword and RandomString: the same inputs, one result secret and one not.
import type { Failure, ResourceType } from "../core/resourceType";
import type { Properties } from "../core/values";
import { type CharacterClass, randomText } from "./characters";

const lower = "abcdefghijklmnopqrstuvwxyz";
const special = "!@#$%&*()-_=+[]{}<>:?";

const inputs = {
  keepers: "replace",
  length: "replace",
  lower: "replace",
  minLower: "replace",
  minNumeric: "replace",
  minSpecial: "replace",
  minUpper: "replace",
  number: { refused: "deprecated: use numeric" },
  numeric: "replace",
  overrideSpecial: "replace",
  special: "replace",
  upper: "replace",
} as const;

/** The inputs with the defaults of the real plugin in place of absent ones. */
function complete(given: Properties) {
  const flag = (name: string) => given[name] !== false;
  const number = (name: string) => (typeof given[name] === "number" ? given[name] : 0);
  return {
    length: number("length"),
    lower: flag("lower"),
    minLower: number("minLower"),
    minNumeric: number("minNumeric"),
    minSpecial: number("minSpecial"),
    minUpper: number("minUpper"),
    numeric: flag("numeric"),
    special: flag("special"),
    upper: flag("upper"),
    overrideSpecial: typeof given.overrideSpecial === "string" ? given.overrideSpecial : "",
  };
}

function classes(text: ReturnType<typeof complete>): CharacterClass[] {
  return [
    { name: "Lower", characters: lower, minimum: text.minLower, used: text.lower },
    { name: "Numeric", characters: "0123456789", minimum: text.minNumeric, used: text.numeric },
    {
      name: "Special",
      characters: text.overrideSpecial === "" ? special : text.overrideSpecial,
      minimum: text.minSpecial,
      used: text.special,
    },
    { name: "Upper", characters: lower.toUpperCase(), minimum: text.minUpper, used: text.upper },
  ];
}

function check(given: Properties): Failure[] {
  // An absent length is one that preview does not know yet: the SDK demands it.
  if (given.length === undefined) return [];
  const text = complete(given);
  const all = classes(text);
  const demanded = all.reduce((sum, { minimum }) => sum + minimum, 0);
  const wrong = (property: string, reason: string): Failure[] => [{ property, reason }];
  if (!Number.isInteger(text.length) || text.length < 1) {
    return wrong("length", "must be a whole number of at least 1");
  }
  const negative = all.find(({ minimum }) => !Number.isInteger(minimum) || minimum < 0);
  if (negative) return wrong(`min${negative.name}`, "must be a whole number of at least 0");
  if (demanded > text.length) {
    return wrong(
      "length",
      `must be at least ${demanded}, the sum of the minimum numbers per class`,
    );
  }
  if (demanded < text.length && !all.some(({ used }) => used)) {
    return wrong(
      "length",
      "no character class is enabled: enable lower, upper, numeric or special",
    );
  }
  return [];
}

function draw(given: Properties): Properties {
  const text = complete(given);
  const { overrideSpecial, ...defaults } = text;
  return {
    ...defaults,
    number: text.numeric,
    ...(overrideSpecial === "" ? {} : { overrideSpecial }),
    result: randomText(text.length, classes(text)),
  };
}

/** Token random:index/randomPassword:RandomPassword. */
export const randomPassword: ResourceType = {
  inputs,
  outputs: { result: "given", bcryptHash: { missing: "Node.js has no bcrypt of its own" } },
  secretOutputs: ["result"],
  check,
  create: (given) => Promise.resolve({ id: "none", outputs: draw(given) }),
};

/** Token random:index/randomString:RandomString. The result is also the id, as in the real plugin. */
export const randomString: ResourceType = {
  inputs,
  outputs: { result: "given" },
  check,
  create: (given) => {
    const outputs = draw(given);
    return Promise.resolve({ id: String(outputs.result), outputs });
  },
};
