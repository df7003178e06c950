/** A copy that ended before it was whole, or is not what it was copied from. Says what to do. */
export class CopyFailed extends Error {}
