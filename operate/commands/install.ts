import { declare, valued } from "../commandLine/declaration";
import { json } from "../commandLine/shared";
import { file } from "../commandLine/values";

export const command = declare({
  name: "install",
  summary: "installs OpenBSD over a serial console",
  hidden: true,
  text: `
    Installs OpenBSD on a blank disk over a serial console, without a person at the keyboard: blanks the
    disk, starts a machine that boots the install CD and exists no longer than this program, answers the
    installer, waits until it is done, and prints the host key of the new system. Progress goes to
    standard error. pulumi up does this by itself.

    The CDs are removed from their pool when the installation is done. Ctrl-C stops the machine and
    says how to resume.`,
  options: {
    values: valued(
      file,
      "what to install where, as JSON; - reads standard input. Keys: uri, name, domainType (kvm, qemu), " +
        "memoryMiB, vcpus, bridge, mac, tcgBufferMiB, disk {pool, volume}, cds [{pool, volume}], path " +
        "(remastered, stock)",
      { required: true },
    ),
    transcript: valued(
      file,
      "append everything the console says to FILE (0600) " +
        "(default: ~/.local/state/openbsd-ipsec-gateway/NAME-console.log)",
    ),
    json: json("install"),
  },
  examples: ["./scripts/gateway install --values machine.json --transcript console.log"],
  exit: { ok: "installed", failed: "failed", interrupted: "interrupted" },
});
