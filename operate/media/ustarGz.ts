import { gzipSync } from "node:zlib";
import { type ArchiveMember, ustar } from "../../render/ustar";

const GZIP_OS_UNKNOWN = 255;

/**
 * {@link ustar}, in gzip format (RFC 1952) without time stamp.
 *
 * Stored, not compressed: zlib's output differs between its versions and between processors, and a
 * site set is a few kilobytes.
 */
export function ustarGz(members: readonly ArchiveMember[]): Buffer {
  const gz = gzipSync(ustar(members), { level: 0 });
  gz.writeUInt32LE(0, 4);
  gz.writeUInt8(GZIP_OS_UNKNOWN, 9);
  return gz;
}
