import * as pulumi from "@pulumi/pulumi";
import { keptAuthority } from "../../config/authority";
import type { WrittenCertificates } from "../../config/certificates";
import type { AppliedFile } from "../../contract/applied";
import { certificateFiles, certificatesText, requestText } from "../../render/certificates";
import { today } from "../../workstation/today";
import { signByAuthority } from "../authority/stackAuthority";
import { GWCTL } from "./gwctlScript";
import { appliedFile } from "./ledger";
import type { OwnKeyArgs } from "./ownKey";
import { printed, RemoteStep } from "./remoteStep";

/** Name of the step that keeps the certificates on the gateway. */
export const CERTIFICATES = "certificates";

/** The certificates that hold, and what the stack's authority has signed for peers. */
export interface Held extends WrittenCertificates {
  /** PEM by tunnel name; absent without an authority of the stack. */
  readonly peers?: Readonly<Record<string, string>> | undefined;
}

export interface OnGateway {
  /** A request for the gateway's certificate, PEM; undefined where no tunnel needs one. */
  readonly request: pulumi.Output<string> | undefined;
  /** Undefined without any. */
  readonly held: pulumi.Output<Held> | undefined;
  /** What tunnels with certificates come after. */
  readonly steps: readonly pulumi.Resource[];
  readonly applied: pulumi.Output<AppliedFile[]>;
}

/**
 * The certificates of all tunnels, which the daemon reads at once, and the request for the gateway's own: one of the
 * key that rc(8) made there, which stays there.
 */
export function certificates(args: OwnKeyArgs, opts: pulumi.CustomResourceOptions): OnGateway {
  const { connection, config, lifetime } = args;
  const { daemon } = config.ike;
  const wanted = requestText(config);
  const request =
    wanted === undefined
      ? undefined
      : printed(
          new RemoteStep(
            "certificate-request",
            { connection, run: `${GWCTL} request ${daemon}`, stdin: wanted, lifetime },
            opts,
          ),
        );
  const held = heldCertificates(args, request, opts);
  if (held === undefined) return { request, held, steps: [], applied: pulumi.output([]) };
  const step = new RemoteStep(
    CERTIFICATES,
    {
      connection,
      run: `${GWCTL} certificates put ${daemon}`,
      stdin: held.apply(certificatesText),
      undo: `${GWCTL} certificates remove ${daemon}`,
      // Those of the other daemon go first.
      ...(daemon === "isakmpd" && { redoOn: [daemon] }),
      lifetime,
    },
    opts,
  );
  const files = held.apply((texts) => certificateFiles(daemon, texts));
  const applied = files.apply((all) =>
    pulumi.all(all.map((file) => appliedFile({ ...file, mode: "0644", steps: [step] }))),
  );
  return { request, held, steps: [step], applied };
}

/** As declared, or as the stack's authority signs them by the gateway's request. */
function heldCertificates(
  { config }: OwnKeyArgs,
  request: pulumi.Output<string> | undefined,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<Held> | undefined {
  const authority = keptAuthority(config.ike);
  if (authority === undefined) {
    const { certificates: declared } = config.ike;
    return declared && pulumi.output<Held>({ ...declared });
  }
  if (request === undefined) return undefined;
  // Its keys are made here, and need no gateway.
  const { parent } = opts;
  return signByAuthority(config, authority, request, today(), parent ? { parent } : {});
}
