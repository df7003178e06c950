// The behaviour all resource types share: check, diff, secrets. Values in, values out; serve.ts has the wire.
import type { Context, Failure, ResourceType } from "./resourceType";
import {
  equal,
  holdsSecret,
  holdsUnknown,
  type Properties,
  reveal,
  revealAll,
  secret,
} from "./values";

export interface Difference {
  changed: string[];
  replaces: string[];
}

/**
 * A provider plugin of the closed-network toolchain.
 *
 * All methods take the type token, e.g. `command:remote:Command`, and reject a type that is not in the table with an
 * error that names it.
 */
export class Provider {
  constructor(
    readonly name: string,
    readonly version: string,
    private readonly types: Readonly<Record<string, ResourceType>>,
  ) {}

  private find(token: string): ResourceType {
    const type = this.types[token];
    if (type) return type;
    throw new Error(
      `${token} is not part of the closed-network stand-in for the plugin ${this.name}; ` +
        `it has ${Object.keys(this.types).join(", ")}`,
    );
  }

  /** Everything that is wrong with the inputs. Unknown values count as right. */
  check(token: string, inputs: Properties): Failure[] {
    const type = this.find(token);
    const given = Object.entries(inputs).filter(([, value]) => (value ?? null) !== null);
    const refused = given.flatMap(([property]) => {
      const rule = type.inputs[property];
      if (rule === undefined) return [{ property, reason: `${token} has no input of this name` }];
      return typeof rule === "object" ? [{ property, reason: rule.refused }] : [];
    });
    const known = Object.fromEntries(given.filter(([, value]) => !holdsUnknown(value)));
    return [...refused, ...(type.check?.(revealAll(known)) ?? [])];
  }

  /** Which inputs differ. A secret equals the same value in clear, and an unknown equals nothing. */
  diff(token: string, old: Properties, inputs: Properties): Difference {
    const type = this.find(token);
    const changed = Object.keys(type.inputs).filter((property) => {
      const value = inputs[property];
      return holdsUnknown(value) || !equal(reveal(old[property]), reveal(value));
    });
    return { changed, replaces: changed.filter((property) => type.inputs[property] === "replace") };
  }

  async create(
    token: string,
    inputs: Properties,
    name: string,
    context: Context,
  ): Promise<{ id: string; state: Properties }> {
    const type = this.find(token);
    const { id, outputs } = await type.create(revealAll(inputs), name, context);
    return { id, state: state(type, inputs, outputs) };
  }

  async update(
    token: string,
    inputs: Properties,
    old: Properties,
    context: Context,
  ): Promise<Properties> {
    const type = this.find(token);
    if (!type.update) throw new Error(`${token} cannot be updated, only replaced`);
    return state(type, inputs, await type.update(revealAll(inputs), revealAll(old), context));
  }

  async delete(token: string, old: Properties, context: Context): Promise<void> {
    await this.find(token).delete?.(revealAll(old), context);
  }
}

function state(type: ResourceType, inputs: Properties, outputs: Properties): Properties {
  const allSecret = holdsSecret(inputs);
  const marked = Object.entries(outputs).map(([property, value]) => [
    property,
    allSecret || type.secretOutputs?.includes(property) ? secret(value) : value,
  ]);
  return { ...inputs, ...(Object.fromEntries(marked) as Properties) };
}
