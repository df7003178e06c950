import type * as pulumi from "@pulumi/pulumi";
import type { AppliedFile } from "../../contract/applied";
import { certificateFiles, certificatesText, requestText } from "../../render/certificates";
import { GWCTL } from "./gwctlScript";
import { appliedFile } from "./ledger";
import type { OwnKeyArgs } from "./ownKey";
import { printed, RemoteStep } from "./remoteStep";

/** Name of the step that keeps the certificates on the gateway. */
export const CERTIFICATES = "certificates";

export interface Certificates {
  /** A request for the gateway's certificate, PEM; undefined where no tunnel needs one. */
  readonly request: pulumi.Output<string> | undefined;
  /** What tunnels with certificates come after. */
  readonly steps: readonly pulumi.Resource[];
  readonly applied: pulumi.Output<AppliedFile>[];
}

/**
 * The certificates of all tunnels, which the daemon reads at once, and the request for the gateway's own: one of the
 * key that rc(8) made there, which stays there.
 */
export function certificates(
  { connection, config, lifetime }: OwnKeyArgs,
  opts: pulumi.CustomResourceOptions,
): Certificates {
  const { daemon } = config.ike;
  const wanted = requestText(config);
  const request =
    wanted === undefined
      ? undefined
      : new RemoteStep(
          "certificate-request",
          { connection, run: `${GWCTL} request ${daemon}`, stdin: wanted, lifetime },
          opts,
        );
  const files = certificateFiles(config);
  const step =
    files.length === 0
      ? undefined
      : new RemoteStep(
          CERTIFICATES,
          {
            connection,
            run: `${GWCTL} certificates put ${daemon}`,
            stdin: certificatesText(config),
            undo: `${GWCTL} certificates remove ${daemon}`,
            // Those of the other daemon go first.
            ...(daemon === "isakmpd" && { redoOn: [daemon] }),
            lifetime,
          },
          opts,
        );
  return {
    request: request && printed(request),
    steps: step ? [step] : [],
    applied: step ? files.map((file) => appliedFile({ ...file, mode: "0644", steps: [step] })) : [],
  };
}
