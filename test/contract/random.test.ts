// The stand-in's random resources: what they draw, and what they refuse to draw.
import { reveal } from "../../lab/toolchain/providers/core/values";
import { randomText } from "../../lab/toolchain/providers/random/characters";
import { randomProvider as provider, recording } from "./support/provider";

const password = "random:index/randomPassword:RandomPassword";
const draw = async (inputs: Record<string, unknown>, token = password) => {
  const { id, state } = await provider.create(token, inputs, "r", recording().context);
  return { id, state, result: String(reveal(state.result)) };
};
const complaint = (inputs: Record<string, unknown>) =>
  provider.check(password, inputs).map(({ reason }) => reason);

test("a password has the length, the classes and the least numbers that were asked for", async () => {
  for (let count = 0; count < 50; count++) {
    const { result } = await draw({
      length: 12,
      special: false,
      minUpper: 3,
      minNumeric: 4,
      minLower: 5,
    });
    expect(result).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(result.replace(/[^A-Z]/g, "")).toHaveLength(3);
    expect(result.replace(/[^0-9]/g, "")).toHaveLength(4);
  }
  expect(
    (await draw({ length: 40, lower: false, upper: false, numeric: false, overrideSpecial: "_-" }))
      .result,
  ).toMatch(/^[_-]{40}$/);
});

test("the state has the defaults, as the real plugin does", async () => {
  expect((await draw({ length: 9 })).state).toMatchObject({
    length: 9,
    lower: true,
    minLower: 0,
    minNumeric: 0,
    minSpecial: 0,
    minUpper: 0,
    number: true,
    numeric: true,
    special: true,
    upper: true,
  });
});

test("two passwords differ", async () => {
  expect((await draw({ length: 32 })).result).not.toBe((await draw({ length: 32 })).result);
});

test("no character and no place is preferred", () => {
  const classes = [
    { name: "a", characters: "ab", minimum: 1, used: true },
    { name: "b", characters: "xyz", minimum: 0, used: true },
  ];
  const rounds = 20_000;
  const atFirst = new Map<string, number>();
  for (let count = 0; count < rounds; count++) {
    const first = randomText(2, classes).charAt(0);
    atFirst.set(first, (atFirst.get(first) ?? 0) + 1);
  }
  // One of two places is a or b for certain, the other one any of the five: (1/2 + 1/5) / 2, and 1/5 / 2.
  for (const [character, expected] of Object.entries({
    a: 0.35,
    b: 0.35,
    x: 0.1,
    y: 0.1,
    z: 0.1,
  })) {
    expect(Math.abs((atFirst.get(character) ?? 0) / rounds - expected)).toBeLessThan(0.02);
  }
});

test("what cannot be drawn is refused before anything is done", () => {
  expect(complaint({ length: 0 })).toEqual(["must be a whole number of at least 1"]);
  expect(complaint({ length: 4, minLower: 3, minUpper: 2 })[0]).toContain("at least 5");
  expect(
    complaint({ length: 4, lower: false, upper: false, numeric: false, special: false })[0],
  ).toContain("no character class");
  expect(complaint({ length: 4, number: true })[0]).toContain("deprecated");
});

test("a random string is its own id and not secret", async () => {
  const { id, state } = await draw({ length: 6 }, "random:index/randomString:RandomString");
  expect(state.result).toBe(id);
});

test("a random id shows the same bytes in every notation", async () => {
  const { id, state } = await draw(
    { byteLength: 8, prefix: "gw-" },
    "random:index/randomId:RandomId",
  );
  const bytes = Buffer.from(id, "base64url");
  expect(bytes).toHaveLength(8);
  expect(state).toMatchObject({
    b64Std: `gw-${bytes.toString("base64")}`,
    b64Url: `gw-${id}`,
    dec: `gw-${bytes.readBigUInt64BE()}`,
    hex: `gw-${bytes.toString("hex")}`,
  });
});
