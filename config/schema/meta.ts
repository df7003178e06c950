// What a key says of itself beside its description: docs/configuration.md and the editors' schema are
// made of it (render/reference). A test names the key that says too little.
declare module "zod" {
  interface GlobalMeta {
    /** What a text or number is, in one or two words: `address`, `path`. Default: the schema's type. */
    form?: string;
    /** Of a number. */
    unit?: string;
    /** What holds when the key is left out, where that is no value of the schema. */
    absent?: string;
    /** What a change does that restarts or drops something; goes on after "A change". */
    change?: string;
  }
}

/** Of a section that may be left out and counts all the same. */
export const ALL_DEFAULTS = "the defaults of its keys";
