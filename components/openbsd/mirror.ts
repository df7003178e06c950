import type * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../../config/schema";
import { installurl } from "../../render/installurl";
import { resolvConf } from "../../render/resolvConf";
import { file, type ManagedFile, type StepContext } from "./step";

export const RESOLVER = "resolver";

/** What the gateway needs to find its mirror: the resolvers, if they are declared, and its URL. */
export function mirror(
  context: StepContext,
  { network, system }: StackConfig,
  after: readonly pulumi.Resource[],
): ManagedFile[] {
  const resolvers = resolvConf(network);
  return [
    ...(resolvers === undefined ? [] : [resolver(context, resolvers, after)]),
    file(context, "installurl", {
      after,
      path: "/etc/installurl",
      mode: "0644",
      text: installurl(system),
    }),
  ];
}

/** resolvd(8) is off before the file changes hands, and gets it back when the stack gives it up. */
function resolver(
  context: StepContext,
  text: string,
  after: readonly pulumi.Resource[],
): ManagedFile {
  return file(context, RESOLVER, {
    after,
    path: "/etc/resolv.conf",
    mode: "0644",
    text,
    check: "rcctl disable resolvd && { ! rcctl check resolvd || rcctl stop resolvd; }",
    undo: "rcctl enable resolvd && { rcctl check resolvd || rcctl start resolvd; }",
  });
}
