import { z } from "zod";
import { addressOf, family, inside, parseAddress, parseNetwork } from "../../config/net";
import { parseJsonValues } from "../jsonValues";
import { SERIAL_SPEEDS } from "../../render/bootConf";

const word = (form: RegExp, what: string) => z.string().regex(form, what);

const address = z
  .string()
  .refine((text) => parseAddress(text) !== undefined && family(text) === 4, {
    message: "is not an IPv4 address",
  });

const networkInterface = z.strictObject({
  name: word(/^[a-z]+[0-9]+$/, "is not an interface name such as vio0"),
  address: z
    .string()
    .refine((text) => text === "dhcp" || (family(text) === 4 && parseNetwork(text) !== undefined), {
      message: "is neither an IPv4 address with its prefix, such as 192.0.2.10/24, nor dhcp",
    }),
});

/** One line of authorized_keys, options allowed. A private key never has this form. */
const publicKey = word(
  /^([^\r\n]* )?(ssh|ecdsa|sk)-[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+=*( [^\r\n]*)?$/,
  "is not an SSH public key on one line",
);

const schema = z
  .strictObject({
    /** Host name, short form. */
    hostname: word(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "is not a short host name"),
    /** DNS domain. Default: DHCP's, or my.domain. */
    domain: word(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, "is not a domain").optional(),
    interfaces: z.array(networkInterface).min(1),
    /** Default router, IPv4. Needed with a static address unless there is to be none. */
    gateway: address.optional(),
    dns: z.array(address).default([]),
    /** Who may log in as root. */
    sshPublicKeys: z.tuple([publicKey], publicKey),
    /** Disk to install on. Default sd0, which virtio and SCSI disks are. */
    disk: word(/^[sw]d[0-9]+$/, "is not a disk such as sd0").default("sd0"),
    /** Size of that disk, GiB. Default 20. */
    diskGiB: z.int().min(1).default(20),
    /** Changes to the installer's selection (all). Default: no X, games and compilers. */
    sets: z
      .array(word(/^[+-][a-z0-9*.]+$/, "is no change to the selection, such as -x* or +comp*"))
      .default(["-x*", "-game*", "-comp*"]),
    /** com0, bit/s. Default 115200. */
    serialSpeed: z.literal(SERIAL_SPEEDS).default(115200),
    /** As in /usr/share/zoneinfo. Default UTC. */
    timezone: word(/^[A-Za-z0-9+_-]+(\/[A-Za-z0-9+_-]+)*$/, "is not a time zone").default("UTC"),
  })
  .check(({ value: { gateway, interfaces }, issues }) => {
    const fixed = interfaces.filter((one) => one.address !== "dhcp");
    if (gateway === undefined || fixed.length === 0) return;
    const onLink = fixed.some((one) => inside(gateway, [one.address]));
    const itself = fixed.some((one) => addressOf(one.address) === gateway);
    const message = itself ? "is this machine's own address" : "is in no network of an interface";
    if (!onLink || itself)
      issues.push({ code: "custom", message, path: ["gateway"], input: gateway });
  });

/** What an install medium is made for. Nothing in it is secret. */
export type MediumValues = z.output<typeof schema>;

/** @throws Refusal naming everything that is wrong. */
export function parseValues(json: string, origin: string): MediumValues {
  return parseJsonValues(json, origin, () => schema);
}
