// The resource types of command that the stand-in has.
import type { ResourceType } from "../core/resourceType";
import { localCommand } from "./localCommand";
import { remoteCommand } from "./remoteCommand";

/** Has all inputs of the real one, so that the error names the type and not one of its properties. */
const copyToRemote: ResourceType = {
  inputs: { connection: "update", remotePath: "replace", source: "replace", triggers: "replace" },
  outputs: {},
  check: () => [
    {
      property: "source",
      reason:
        "CopyToRemote is not supported on the closed network: give the text to remote.Command's stdin",
    },
  ],
  create: () => Promise.reject(new Error("CopyToRemote is not supported on the closed network")),
};

export const commandTypes: Readonly<Record<string, ResourceType>> = {
  "command:local:Command": localCommand,
  "command:remote:Command": remoteCommand,
  "command:remote:CopyToRemote": copyToRemote,
};
