import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { EncPcap } from "../../../operate/monitor/encPcap";

/** A pcap file: the header with its link type, in the byte order of the machine, and what follows it. */
function pcap(linkType: number, order: "LE" | "BE", rest = Buffer.from("packets")): Buffer {
  const header = Buffer.alloc(24);
  const put = (value: number, at: number) =>
    order === "LE" ? header.writeUInt32LE(value, at) : header.writeUInt32BE(value, at);
  put(0xa1b2c3d4, 0);
  put(65_535, 16);
  put(linkType, 20);
  return Buffer.concat([header, rest]);
}

const through = (...chunks: Buffer[]) => buffer(Readable.from(chunks).pipe(new EncPcap()));

describe("a capture on enc0", () => {
  it.each(["LE", "BE"] as const)(
    "gets the link type that other systems read, %s",
    async (order) => {
      expect(await through(pcap(13, order))).toEqual(pcap(109, order));
    },
  );

  it("gets it also where the header comes in pieces", async () => {
    const file = pcap(13, "LE");
    const bytes = [...file].map((byte) => Buffer.of(byte));
    expect(await through(...bytes)).toEqual(pcap(109, "LE"));
  });

  it("stays as it is in everything else: other link types, no pcap, a header that is cut off", async () => {
    const files = [pcap(12, "LE"), Buffer.from("x".repeat(40)), pcap(13, "LE").subarray(0, 23)];
    for (const file of files) expect(await through(file)).toEqual(file);
  });
});
