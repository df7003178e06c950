import { z } from "zod";
import { calendarDate, matching } from "./forms";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

/** What a name constraint is made of: a domain with what is below it, or a network. */
const allowedName = matching(
  new RegExp(`^(?:(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])|[0-9a-f.:]{2,45}/[0-9]{1,3})$`),
  "is no domain and no network",
  "write one such as example.net, or 192.0.2.0/24 for identities that are addresses",
).meta({ form: "domain or network" });

/** As the stack makes them: 16 bytes, of which the first has two fixed bits. */
const serial = matching(
  /^[4-7][0-9a-f]{31}$/,
  "is no serial number of a certificate that the stack's authority has signed",
  "write the one of the output certificates: 32 hexadecimal digits",
).meta({ form: "serial number" });

const revoked = z
  .strictObject({
    serial: serial.meta({
      description:
        "Of one of the certificates of the key that is not to be believed any more, as in the output `certificates`. Those of the same request before and after it are revoked with it.",
    }),
    since: calendarDate.meta({ form: "day", description: "The day that the list names." }),
  })
  .meta({
    description: "A certificate that is not believed any more.",
    examples: [{ serial: "4f0c6b1d7a2e9385c1f0b7d46a930000", since: "2026-12-01" }],
  });

const generation = z.int().min(1).max(1000);

export const authority = z
  .strictObject({
    names: z
      .array(allowedName)
      .min(1)
      .max(32)
      .meta({
        description:
          "What the authority can sign for, in its certificate as name constraints: a domain allows itself and every host name below it, and users at the domain itself; a network allows its addresses. Every `localId` and `remoteId` of tunnels with `auth: certificate` has to lie in one of them.",
        change:
          "gives the authority another certificate of the same key: its peers need that one before they believe the new names",
        examples: [["example.net"]],
      }),
    generation: generation.default(1).meta({
      description:
        "Number of the authority that signs. Another one has a key and a certificate of its own.",
      form: "number",
      change:
        "has every certificate signed anew: peers that do not have the new authority's certificate refuse the gateway ([rotation](authentication.md#another-authority))",
    }),
    also: z.array(generation).max(3).default([]).meta({
      description:
        "Numbers of further authorities of the stack that are believed and sign nothing: the next one before the change, the last one after it.",
      form: "list of numbers",
      change: "forgets for ever the key of an authority that is in neither any more",
    }),
    years: z.int().min(1).max(20).default(10).meta({
      description: "How long an authority's certificate is good.",
      unit: "years",
      change: "gives the authority another certificate of the same key",
    }),
    days: z.int().min(30).max(825).default(365).meta({
      description:
        "How long the certificates that it signs are good. The first `pulumi up` after two thirds of it signs the next ones.",
      unit: "days",
      change: "has every certificate signed anew",
    }),
    revoked: z.array(revoked).max(500).default([]).meta({
      description:
        "Certificates that are not believed any more: a list (CRL) of them is made and put on the gateway.",
      change:
        "holds from the next authentication on: `gateway tunnel restart` ends what a revoked one has up",
    }),
  })
  .meta({
    description:
      "An authority that the stack keeps, in place of `ca`, `own` and `crl`. Its private key is a secret of the stack's state.",
    examples: [{ names: ["example.net"] }],
  });

export type Authority = z.output<typeof authority>;
