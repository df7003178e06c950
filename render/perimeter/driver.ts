import type { Forward } from "../../contract/perimeter";
import type { Outside } from "./forward";

/**
 * One kind of firewall, by pure functions. The last three give bodies of shell functions, put together
 * by {@link forwardScript}; `rule` is a function that prints what `render` gives.
 */
export interface Driver {
  /** The forward in the firewall's own language: the file that is loaded now and at every boot. */
  readonly render: (forward: Forward) => string;
  readonly apply: (forward: Forward) => string;
  readonly remove: (forward: Forward) => string;
  /** Prints the {@link STATES}. */
  readonly readBack: (forward: Forward) => string;
  /** Functions the three call: `loaded` prints the live rule, `others` those of somebody else. */
  readonly common: (forward: Forward) => string;
  /** What has to be right before the first forward, and is put back after the last. */
  readonly foundation: (outside: Outside) => Foundation;
}

export interface Foundation {
  readonly apply: string;
  readonly remove: string;
  readonly state: string;
  readonly common: string;
}
