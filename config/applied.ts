/**
 * What the last `pulumi up` left on the gateway, and the steps that make each part anew: the stack's
 * output `applied`, which `gateway drift` compares the gateway with. A step is named by its URN.
 */
export interface Applied {
  readonly files: readonly AppliedFile[];
  /** Name to value. */
  readonly sysctls: { readonly values: Readonly<Record<string, string>>; readonly steps: Steps };
  /** The IKE daemon that is enabled; the other one is off. */
  readonly services: { readonly daemon: "iked" | "isakmpd"; readonly steps: Steps };
  readonly watchdog: { readonly enabled: boolean; readonly steps: Steps };
  /** The steps that write the daemon's settings and its main file. */
  readonly ike: { readonly steps: Steps };
  readonly pf: { readonly steps: Steps };
  readonly tunnels: readonly AppliedTunnel[];
  readonly packages: { readonly names: readonly string[]; readonly steps: Steps };
  readonly patches: { readonly policy: "off" | "report" | "apply"; readonly steps: Steps };
}

export interface AppliedFile {
  readonly path: string;
  /** Of the whole text, hex. Of a tunnel's file it covers the key, so the output is a secret. */
  readonly sha256: string;
  /** Such as 0644. */
  readonly mode: string;
  readonly steps: Steps;
}

export interface AppliedTunnel {
  readonly name: string;
  readonly enabled: boolean;
  /** The tunnel's own file first. */
  readonly files: readonly AppliedFile[];
}

type Steps = readonly string[];
