import type { GatewayStatus } from "../../contract/documents/status";

/** A tunnel as the stack declares it, for when the gateway cannot be asked. */
export interface DeclaredTunnel {
  readonly name: string;
  readonly peer: string;
  readonly daemon: "iked" | "isakmpd";
  readonly networks: readonly { readonly local: string; readonly remote: string }[];
}

export interface Declaration {
  readonly gateway: { readonly name: string; readonly address: string; readonly daemon: string };
  readonly tunnels: readonly DeclaredTunnel[];
}

/** Why a tunnel is as it is. Free of secrets. */
export interface Explanation {
  /** One sentence. */
  readonly cause: string;
  /** What to do on our side. */
  readonly fix?: string;
  /** What to tell the people of the other side. */
  readonly tellPeer?: string;
  /** Log lines and findings, oldest first. */
  readonly evidence: readonly { readonly at?: string; readonly text: string }[];
}

/** Reads what the gateway does now; rejects when it cannot tell. Must heed the signal. */
export type Collector = (signal: AbortSignal) => Promise<GatewayStatus>;
export type Explainer = (tunnel: string, signal: AbortSignal) => Promise<Explanation>;

/** Where everything that is served comes from. */
export interface Source {
  /** Tunnels that must be shown although nobody has seen them yet. */
  readonly declaration?: Declaration;
  readonly collect: Collector;
  /** Absent: the page says that it cannot explain. */
  readonly explain?: Explainer;
}
