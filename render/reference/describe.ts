import { z } from "zod";

/** What a schema says of itself, and of what is left when its wrappers are taken off. */
export interface Described {
  readonly bare: z.ZodType;
  readonly meta: z.core.GlobalMeta;
  /** The key may be left out. */
  readonly optional: boolean;
  /** The value that a key left out gets from the schema. */
  readonly fallback?: unknown;
}

/** Looks through optional, default and prefault; what the outer one says goes before the inner. */
export function describe(schema: z.ZodType): Described {
  const own = schema.meta() ?? {};
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    const inner = describe(schema.unwrap() as z.ZodType);
    const fallback = schema.def.defaultValue;
    return { ...inner, meta: { ...inner.meta, ...own }, optional: true, fallback };
  }
  if (schema instanceof z.ZodOptional) {
    const inner = describe(schema.unwrap() as z.ZodType);
    return { ...inner, meta: { ...inner.meta, ...own }, optional: true };
  }
  return { bare: schema, meta: own, optional: false };
}

/** Whether a stack has to have a section: it does not say what holds without it. */
export function isRequired(section: z.ZodType): boolean {
  const { meta, optional } = describe(section);
  return !optional && meta.absent === undefined;
}

/** Where a `preprocess` stands: the schema that judges the value it made. */
export function judged(schema: z.core.$ZodType): z.ZodType | undefined {
  return schema instanceof z.ZodPipe && schema.in instanceof z.ZodTransform
    ? (schema.out as z.ZodType)
    : undefined;
}

/** Descriptions link to other pages of docs/; this is for readers who are somewhere else. */
export function withoutLinks(text: string): string {
  return text.replace(/\[([^\]]+)\]\(([a-z-]+\.md)(?:#[^)]*)?\)/g, "docs/$2").replaceAll("`", "");
}
