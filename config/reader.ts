import type { IsSigned } from "./certificateRequest";

/** Where the values come from. Says nothing of Pulumi, so that the loader runs without it. */
export interface ConfigReader {
  /** The value of a config key, or undefined if it is not set. */
  object(key: string): unknown;
  /** The value of a secret config key, or undefined if it is not set. */
  secret(key: string): string | undefined;
  /** Whether the secret is encrypted here, and another value of a right form stands for it. Default: none is. */
  isUnread?(key: string): boolean;
  /** Every key that is set, as `NAMESPACE:KEY`, and the namespace that is read. Default: not looked at. */
  readonly keys?: { readonly names: readonly string[]; readonly namespace: string };
  /** The text of a file that the configuration names, or undefined if it cannot be read. */
  file?(path: string): string | undefined;
  /** Whether a request is signed with its own key. Default: not looked at. */
  readonly isSigned?: IsSigned;
  /** The day, YYYY-MM-DD: exceptions end on one. */
  readonly today: string;
}
