export interface ArchiveMember {
  /** Relative, without `.` or `..`, at most 100 bytes. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly content: string;
}

const BLOCK = 512;

/**
 * A tar archive of exactly these files (POSIX.1-1988 ustar), the same bytes for the same members.
 *
 * There are no directory members: `tar -p` would give their mode and owner to the directories of
 * the system it is unpacked on, up to `/` itself.
 *
 * @throws RangeError if a path does not fit the format.
 */
export function ustar(members: readonly ArchiveMember[]): Buffer {
  const blocks = members.flatMap((member) => {
    const content = Buffer.from(member.content);
    return [header(member, content.length), content, Buffer.alloc(-content.length & (BLOCK - 1))];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header({ path, mode, uid, gid }: ArchiveMember, size: number): Buffer {
  const name = Buffer.from(path);
  if (
    name.length > 100 ||
    !/^[^/\0]([^\0]*[^/\0])?$/.test(path) ||
    /(^|\/)\.{1,2}(\/|$)/.test(path)
  ) {
    throw new RangeError(`${path}: is not a relative file name of at most 100 bytes`);
  }
  const block = Buffer.alloc(BLOCK);
  name.copy(block, 0);
  const octal = (value: number, offset: number, width: number) =>
    block.write(value.toString(8).padStart(width - 1, "0"), offset, "ascii");
  octal(mode, 100, 8);
  octal(uid, 108, 8);
  octal(gid, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.fill(" ", 148, 156);
  block.write("0", 156, "ascii");
  block.write("ustar\x0000", 257, "latin1");
  block.write("root", 265, "ascii");
  block.write("wheel", 297, "ascii");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}
