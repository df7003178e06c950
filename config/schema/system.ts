import { z } from "zod";

/** What cannot be a part of one line in a rules file. */
const printable = z.string().refine((value) => !/[^\t\n\x20-\x7e]/.test(value), {
  params: { what: "has characters that pf.conf cannot have", fix: "write plain ASCII lines" },
});

export const system = z.strictObject({
  /**
   * Further rules of pf.conf(5), for an anchor of their own that is looked at last. Default none. They
   * cannot open what the guards close, nor close SSH to the administrators or IKE to the peers.
   */
  pfRules: printable.default(""),
});

export type SystemConfig = z.output<typeof system>;
