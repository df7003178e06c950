import { Transform, type TransformCallback } from "node:stream";

/** OpenBSD's number for enc(4) in the header of a pcap file, and the one that pcap reserves for all systems. */
const DLT_ENC = 13;
const LINKTYPE_ENC = 109;

/** The header of a pcap file: its magic number comes first, the link type last. */
const HEADER_BYTES = 24;
const LINK_TYPE_AT = 20;
const MAGIC = 0xa1b2c3d4;

/**
 * Passes a pcap file on, but writes the link type of enc(4) as other systems know it: they take OpenBSD's
 * own number for something else, and refuse the file. The packets themselves stay as they are.
 */
export class EncPcap extends Transform {
  private head: Buffer | undefined = Buffer.alloc(0);

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.head === undefined) {
      done(null, chunk);
      return;
    }
    this.head = Buffer.concat([this.head, chunk]);
    if (this.head.length < HEADER_BYTES) {
      done();
      return;
    }
    const whole = this.head;
    this.head = undefined;
    done(null, withLinkType(whole));
  }

  override _flush(done: TransformCallback): void {
    done(null, this.head);
  }
}

/** The header is in the byte order of the machine that wrote it. */
function withLinkType(file: Buffer): Buffer {
  if (file.readUInt32LE() === MAGIC && file.readUInt32LE(LINK_TYPE_AT) === DLT_ENC) {
    file.writeUInt32LE(LINKTYPE_ENC, LINK_TYPE_AT);
  } else if (file.readUInt32BE() === MAGIC && file.readUInt32BE(LINK_TYPE_AT) === DLT_ENC) {
    file.writeUInt32BE(LINKTYPE_ENC, LINK_TYPE_AT);
  }
  return file;
}
