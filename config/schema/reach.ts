import { z } from "zod";
import { hypervisorUriProblem } from "../hypervisorUri";
import { matching } from "./forms";

// What ends up on the command line of ssh or virsh. No value may begin with "-", where it would be an
// option, or hold what a name does not need: no space, quote, "%" or control character.

const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?";
const NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*\\.?$`);
const IPV6 = /^[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}$/;

/** Host name or address, without a port, a user or brackets. */
export const isHost = (value: string): boolean => NAME.test(value) || IPV6.test(value);

export const host = z
  .string()
  .refine(isHost, {
    params: {
      what: "is not a host name or an address",
      fix: "write one such as gw.example.net, 10.10.0.1 or 2001:db8::1, without a port",
    },
  })
  .meta({ form: "host" });

/** As useradd(8) makes them. */
export const isUser = (value: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,31}$/.test(value);

export const user = z
  .string()
  .refine(isUser, {
    params: {
      what: "is not a user name",
      fix: 'write up to 32 letters, digits, ".", "_" and "-", not beginning with "." or "-"',
    },
  })
  .meta({ form: "user" });

/**
 * A file on the machine that runs the stack. Spaces, quotes and "%" are part of honest paths. `${` is
 * not: ssh(1) puts an environment variable there, and knows no way to write the characters themselves.
 */
export const localPath = matching(
  /^(?!-)(?!.*\$\{)(?=.*\S)[^\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]{1,1024}$/u,
  "is not the path of a file",
  'write a path without control characters and "${", not beginning with "-"',
).meta({ form: "path" });

export const hypervisorUri = z
  .string()
  .superRefine((value, context) => {
    const problem =
      value.length > 1024
        ? { what: "has more than 1024 characters", fix: "write one such as qemu:///system" }
        : hypervisorUriProblem(value);
    if (problem) context.addIssue({ code: "custom", params: problem });
  })
  .meta({ form: "libvirt URI" });
