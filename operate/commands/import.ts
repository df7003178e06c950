import { declare, flag, valued } from "../commandLine/declaration";
import { json, stack } from "../commandLine/shared";
import { directory, file, oneOf } from "../commandLine/values";

export const command = declare({
  name: "import",
  summary: "turns an existing ipsec.conf or iked.conf into the stack's tunnels",
  text: `
    Reads an existing ipsec.conf or iked.conf with its macros and includes, and prints the tunnels for
    the stack's file. Every line that is left out or changed is named on standard error, with the reason
    and what to do. The pre-shared keys go into the stack's secret configuration, never to the screen.

    Of tunnels that authenticate by public keys or certificates the peers' keys, the authorities and the
    lists of revoked certificates are taken from iked/ or isakmpd/ beside FILE, or from etc/ in --root.
    A private key is never read. The addresses of a route-based tunnel are taken from hostname.secN in the
    same places.

    A key that the stack has already stays. What the stack would still refuse is printed at the end.`,
  arguments: {
    files: valued(file, "the ipsec.conf or iked.conf", { required: true, many: true }),
  },
  options: {
    daemon: valued(oneOf("iked", "isakmpd"), "whose file it is (default: known by its rules)"),
    stack,
    "dry-run": flag("only print: no key is set"),
    root: valued(
      directory,
      "a copy of the old gateway's files, in which includes, public keys and certificates are found",
    ),
    json: json("import"),
  },
  examples: [
    "./scripts/gateway import /etc/iked.conf --dry-run",
    "./scripts/gateway import --root old-gateway old-gateway/etc/ipsec.conf --stack prod >tunnels.yaml",
  ],
  exit: { ok: "imported", failed: "nothing imported or the stack would refuse it" },
});
