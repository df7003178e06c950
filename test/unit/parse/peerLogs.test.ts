import fc from "fast-check";
import { parsePeerLog, PEER_LOGS } from "../../../parse/peerLogs/read";

const US = "198.51.100.1";

describe.each(PEER_LOGS.map((log) => [log.vendor, log] as const))("%s", (vendor, { forms }) => {
  it.each(forms.map(({ verdict, sample }) => [verdict, sample]))("%s: %s", (verdict, sample) => {
    const found = parsePeerLog(sample, US);
    if (verdict === "up") expect(found).toEqual([]);
    else expect(found).toEqual([{ vendor, verdict, line: sample }]);
  });
});

it("what was before the last success is history", () => {
  const [asa] = PEER_LOGS.filter(({ vendor }) => vendor === "Cisco ASA");
  const line = (verdict: string) =>
    asa?.forms.find((form) => form.verdict === verdict)?.sample ?? "";
  const found = parsePeerLog([line("psk"), line("up"), line("selectors")].join("\n"), US);
  expect(found.map(({ verdict }) => verdict)).toEqual(["selectors"]);
});

it("of a log of many peers only ours counts", () => {
  const of = (address: string) =>
    `%ASA-4-713903: IP = ${address}, Can't find a valid tunnel group, aborting...!`;
  expect(parsePeerLog([of(US), of("198.51.100.10")].join("\n"), US)).toHaveLength(1);
  expect(parsePeerLog(of("198.51.100.10"), US)).toHaveLength(1);
});

it("no text makes it throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(Array.isArray(parsePeerLog(text, US))).toBe(true);
    }),
  );
});
