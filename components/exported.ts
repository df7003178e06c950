import type * as pulumi from "@pulumi/pulumi";

/** A value of the contract as a component builds it: every key is named, and any part may be an output. */
export type Exported<T> = T extends readonly (infer Item)[]
  ? readonly Exported<Item>[]
  : T extends object
    ? {
        readonly [Key in keyof Required<T>]:
          Exported<T[Key]> | pulumi.Output<Exclude<T[Key], undefined>>;
      }
    : T;

/** The outputs that there are: Pulumi warns of each that is undefined. */
export function present<T extends object>(outputs: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(outputs).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
