/**
 * How `./scripts/gateway` ends: done; refused, failed or found wrong; not to be told from here; called
 * wrongly (sysexits.h); interrupted.
 */
export const EXIT = { ok: 0, failed: 1, cannotTell: 2, usage: 64, interrupted: 130 } as const;
