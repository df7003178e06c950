export const GIB = 1024 ** 3;

/** Bytes for people. */
export function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
