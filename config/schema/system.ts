import { z } from "zod";
import { ALL_DEFAULTS } from "./meta";
import { matching, mirror } from "./forms";

/**
 * A package as pkg_add(1) takes it: a stem, with a version, a flavour or a branch where one is meant:
 * `tcpdump`, `vim--no_x11`, `python%3`. It becomes a word of a command line and a line of a file.
 */
const packageName = matching(
  /^[A-Za-z0-9][A-Za-z0-9+._-]*(%[A-Za-z0-9][A-Za-z0-9+._/-]*)?$/,
  "is not the name of a package",
  "write one as pkg_add(1) takes it, such as vim--no_x11",
).meta({ form: "package" });

/** A value is one word: sysctl.conf(5) is cut at the first blank. */
const sysctlValue = z.union([
  z.int(),
  matching(/^[A-Za-z0-9][A-Za-z0-9.,:_-]*$/, "is not one word", "write a number or one word"),
]);

/** What cannot be a part of one line in a rules file. */
const printable = z.string().refine((value) => /^[\t\n\x20-\x7e]{0,65536}$/.test(value), {
  params: {
    what: "has characters that pf.conf cannot have, or more than 64 KiB",
    fix: "write plain ASCII lines",
  },
});

const hour = "([01][0-9]|2[0-3]):[0-5][0-9]";

export const system = z
  .strictObject({
    packages: z
      .array(packageName)
      .default([])
      .meta({
        description:
          "Packages that have to be there. What leaves the list is removed; what was installed by hand is left alone.",
        examples: [["vim--no_x11"]],
      }),
    dotfiles: z.boolean().default(true).meta({
      description: "Write root's ~/.profile and ~/.kshrc.",
    }),
    installurl: mirror.default("https://cdn.openbsd.org/pub/OpenBSD").meta({
      description: "Where packages, patches and releases come from (installurl(5)).",
    }),
    sysctls: z
      .record(
        matching(
          /^[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+$/i,
          "is not the name of a sysctl",
          "write it as sysctl(8) prints it",
        ),
        sysctlValue,
      )
      .default({})
      .meta({
        form: "names with values",
        description: "Further lines of sysctl.conf(5), set at once.",
      }),
    patches: z.enum(["off", "report", "apply"]).default("report").meta({
      description:
        "Errata (syspatch(8)). `report` lists what is missing. `apply` installs it. `off` does not look.",
      change: "to `apply` reboots the gateway when a patch is for the kernel",
    }),
    rebootWindow: matching(
      new RegExp(`^${hour}-${hour}$`),
      "is not a time of day",
      "write it as HH:MM-HH:MM, such as 02:00-04:30",
    )
      .optional()
      .meta({
        form: "HH:MM-HH:MM",
        description:
          "When a reboot for a patched kernel may begin, by the gateway's clock, also over midnight. Outside of it the reboot is left to a later `pulumi up`.",
        absent: "at any time",
      }),
    pfRules: printable.default("").meta({
      form: "lines of pf.conf(5)",
      description:
        "Further rules, in an anchor of their own that is looked at last ([safety](safety.md#the-further-rules)). They cannot open what is closed for the networks behind tunnels, nor close SSH to the administrators or IKE to the peers.",
    }),
  })
  .meta({
    description: "The rest of the system: packages, errata, sysctls, further rules of pf.",
    absent: ALL_DEFAULTS,
    examples: [
      {
        packages: ["vim--no_x11"],
        sysctls: { "net.inet.tcp.keepidle": 7200 },
        patches: "apply",
        rebootWindow: "02:00-04:30",
        pfRules: "pass in on vio0 proto tcp from 10.10.0.9 to (vio0) port 9100\n",
      },
    ],
  });

export type SystemConfig = z.output<typeof system>;
