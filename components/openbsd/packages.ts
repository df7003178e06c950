import type * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../../config/schema";
import { packageList } from "../../render/packageList";
import { GWCTL } from "./gwctlScript";
import type { RemoteStep } from "./remoteStep";
import { step, type StepContext } from "./step";

/** Also where no package is declared: the list that got empty removes what was on it. */
export function packages(
  context: StepContext,
  { system }: StackConfig,
  after: readonly pulumi.Resource[],
): RemoteStep {
  return step(context, "packages", {
    after,
    run: `${GWCTL} packages`,
    stdin: packageList(system),
  });
}
