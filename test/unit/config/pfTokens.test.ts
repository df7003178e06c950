import fc from "fast-check";
import { pfTokens } from "../../../config/pfTokens";

const words = (text: string) =>
  pfTokens(text)
    .filter(({ kind }) => kind !== "end")
    .map(({ text: word }) => word);

it.each<[text: string, tokens: string[]]>([
  ["pass in from 10.0.0.0/8", ["pass", "in", "from", "10.0.0.0", "/", "8"]],
  ["port 6000:6010 # to host", ["port", "6000:6010"]],
  ["to ! <bad>, !(vio0)", ["to", "!", "<", "bad", ">", ",", "!", "(", "vio0", ")"]],
  ["se\\\nt skip", ["set", "skip"]],
  ["# set \\\nset\npass", ["pass"]],
  ['label "a b" in', ["label", "a b", "in"]],
  ['label "a \\" b \\x"', ["label", 'a " b \\x']],
  ['x = "set"\n$x skip', ["x", "=", "set", "set", "skip"]],
  ['n = "10.0.0"\nfrom $n.1/24', ["n", "=", "10.0.0", "from", "10.0.0.1", "/", "24"]],
  ["a = b c\nb = $a d\n$b", ["a", "=", "b", "c", "b", "=", "b", "c", "d", "b", "c", "d"]],
  ['a = "$a"\n$a', ["a", "=", "$a", "$", "a"]],
])("%j", (text, tokens) => {
  expect(words(text)).toEqual(tokens);
});

it("counts lines as they are written", () => {
  const lines = pfTokens('a\n\\\nb "x\ny" c\n# \\\n\nd').filter(({ kind }) => kind === "word");
  expect(lines.map(({ text, line }) => `${text}${line}`)).toEqual(["a1", "b3", "c4", "d7"]);
});

it("comes to an end with any text, macros that double each other included", () => {
  const piece = fc.constantFrom(..."set,$a,$b,a = ,b = $a $a,\n,\\,\\\n,',\",#,{,}, ,x".split(","));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      expect(Array.isArray(pfTokens(pieces.join("")))).toBe(true);
    }),
  );
  const doubling = Array.from({ length: 40 }, (_, i) => `m${i + 1} = $m${i} $m${i}`).join("\n");
  expect(pfTokens(`m0 = x\n${doubling}`).length).toBeLessThan(100_000);
});
