import { declare, valued } from "../commandLine/declaration";
import { json } from "../commandLine/shared";
import { file } from "../commandLine/values";

export const command = declare({
  name: "adopt",
  summary: "makes a disk from another gateway's sealed one",
  hidden: true,
  text: `
    Makes a disk from a sealed one, which may be on another hypervisor: copies it piece by piece, reads
    it back, and gives it an identity of its own in a machine without a network. Prints the host key
    that the new gateway has made for itself. An interrupted run is continued, and what an earlier run
    has finished is taken as it is until a machine has it; any other volume of the name is refused.
    pulumi up does this by itself for source.disk.`,
  options: {
    values: valued(
      file,
      "what to copy where, as JSON; - reads standard input. Keys: from {uri, pool, volume}, sha256, " +
        "to {uri, pool, volume}, bytes, machine {domainType, memoryMiB, tcgBufferMiB}, identity " +
        "{hostname, interface, address, gateway, dns, sshPublicKeys}; or to and hostKey for a disk " +
        "that is there with a gateway on it",
      { required: true },
    ),
    json: json("adopt", "adopt-kept"),
  },
  examples: ["./scripts/gateway adopt --values copy.json"],
  exit: {
    ok: "the disk is whole and proven",
    failed: "it is absent, untouched or marked as incomplete",
  },
});
