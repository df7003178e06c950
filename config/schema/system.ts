import { z } from "zod";
import { matching } from "./forms";

/**
 * A package as pkg_add(1) takes it: a stem, with a version, a flavour or a branch where one is meant:
 * `tcpdump`, `vim--no_x11`, `python%3`. It becomes a word of a command line and a line of a file.
 */
const packageName = matching(
  /^[A-Za-z0-9][A-Za-z0-9+._-]*(%[A-Za-z0-9][A-Za-z0-9+._/-]*)?$/,
  "is not the name of a package",
  "write one as pkg_add(1) takes it, such as vim--no_x11",
);

const mirror = matching(
  /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.:[\]_-]*(\/[A-Za-z0-9._~-]+)*$/,
  "is not the URL of a mirror",
  "write it up to and including pub/OpenBSD, such as https://cdn.openbsd.org/pub/OpenBSD",
);

/** A value is one word: sysctl.conf(5) is cut at the first blank. */
const sysctlValue = z.union([
  z.int(),
  matching(/^[A-Za-z0-9][A-Za-z0-9.,:_-]*$/, "is not one word", "write a number or one word"),
]);

/** What cannot be a part of one line in a rules file. */
const printable = z.string().refine((value) => !/[^\t\n\x20-\x7e]/.test(value), {
  params: { what: "has characters that pf.conf cannot have", fix: "write plain ASCII lines" },
});

const hour = "([01][0-9]|2[0-3]):[0-5][0-9]";

export const system = z.strictObject({
  /**
   * Packages that have to be there. Default none. The list is the truth for what the stack
   * installed: what leaves it is removed; what was installed by hand is left alone.
   */
  packages: z
    .array(packageName)
    .default([])
    .meta({ examples: [["vim--no_x11"]] }),
  /** Write root's ~/.profile and ~/.kshrc. Default true. */
  dotfiles: z.boolean().default(true),
  /** Where packages, patches and releases come from (installurl(5)). Default OpenBSD's CDN. */
  installurl: mirror.default("https://cdn.openbsd.org/pub/OpenBSD"),
  /** More lines for sysctl.conf(5), name to value. Default none. */
  sysctls: z
    .record(
      matching(
        /^[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+$/i,
        "is not the name of a sysctl",
        "write it as sysctl(8) prints it",
      ),
      sysctlValue,
    )
    .default({}),
  /**
   * Errata (syspatch(8)). `report` (default) lists what is missing; `apply` installs it and reboots
   * the gateway when the kernel changed; `off` does not look.
   */
  patches: z.enum(["off", "report", "apply"]).default("report"),
  /**
   * When a reboot for a patched kernel may begin, HH:MM-HH:MM by the gateway's clock, also over
   * midnight. Default: at any time. Outside of it the reboot is left to a later `pulumi up`.
   */
  rebootWindow: matching(
    new RegExp(`^${hour}-${hour}$`),
    "is not a time of day",
    "write it as HH:MM-HH:MM, such as 02:00-04:30",
  ).optional(),
  /**
   * Further rules of pf.conf(5), for an anchor of their own that is looked at last. Default none. They
   * cannot open what the guards close, nor close SSH to the administrators or IKE to the peers.
   */
  pfRules: printable.default(""),
});

export type SystemConfig = z.output<typeof system>;
