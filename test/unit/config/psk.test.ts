import fc from "fast-check";
import { pskProblem } from "../../../config/psk";

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

it("accepts every key of the allowed characters and length", () => {
  const allowed = fc.constantFrom(...Array.from(`${letters}._~+-`));
  fc.assert(
    fc.property(fc.string({ unit: allowed, minLength: 20, maxLength: 200 }), (psk) => {
      fc.pre(!psk.startsWith("0x"));
      expect(pskProblem(psk)).toBeUndefined();
    }),
  );
});

it("says something about every other key, and never the key", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 220 }), (psk) => {
      const problem = pskProblem(psk);
      if (/^(?!0x)[A-Za-z0-9._~+-]{20,200}$/.test(psk)) {
        expect(problem).toBeUndefined();
        return;
      }
      expect(problem).toMatch(/has |starts with 0x|characters long/);
    }),
  );
  const psk = `Kx9 #"é${letters}`;
  for (let i = 0; i + 4 <= psk.length; i++) {
    expect(pskProblem(psk)).not.toContain(psk.slice(i, i + 4));
  }
});

it.each([
  ["a space", `${letters} `, "has a space or line break"],
  ["a line break", `${letters}\n`, "has a space or line break"],
  ["a #", `${letters}#`, "has a #"],
  ["a quote", `${letters}"`, "has a quote or backslash"],
  ["a backslash", `${letters}\\`, "has a quote or backslash"],
  ["an umlaut", `${letters}ä`, "has a character outside ASCII"],
  ["a dollar", `${letters}$`, "has other punctuation"],
  ["a hex mark", `0x${letters}`, "starts with 0x"],
  ["19 characters", letters.slice(0, 19), "is 19 characters long"],
  ["201 characters", letters.repeat(4).slice(0, 201), "is 201 characters long"],
])("names %s", (_what, psk, problem) => {
  expect(pskProblem(psk)).toBe(problem);
});
