import { inLab, onGateway } from "./lab";

/**
 * The gateway loses its power and starts again; returns while it boots. A rename is on OpenBSD's disk when it
 * returns, and on that of the stand-in seconds later: what has ended before is written first.
 */
export async function powerCut(): Promise<void> {
  expect((await onGateway("sync")).code).toBe(0);
  expect((await inLab("virsh -q destroy gw-test && virsh -q start gw-test")).code).toBe(0);
}
