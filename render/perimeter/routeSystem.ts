/** What one system does for a route, as shell functions; `$dev` and `$found` are set by then. */
export interface RouteSystem {
  /** `device`: the interface towards the gateway; `existing`: routes to exactly the network. */
  readonly queries: string;
  /** Commands that add the live route, and delete it. */
  readonly add: string;
  readonly del: string;
  /** `keepable` (refuses), `keep`, `forget`, `kept`: the part that outlives a reboot. */
  readonly keeping: string;
}
