import { z } from "zod";
import { matching, text } from "./forms";

export const source = z.strictObject({
  /** A disk image that is written to the disk when it is made. A change replaces the disk. */
  image: z.strictObject({
    /** Path on the machine that runs the stack. */
    file: text.meta({ examples: ["openbsd.img"] }),
    /** SHA-256 of the file, 64 hex digits. Default: not checked. */
    sha256: matching(
      /^[0-9a-f]{64}$/,
      "is not a SHA-256",
      "write 64 hex digits in lower case",
    ).optional(),
  }),
});

export type Source = z.output<typeof source>;
