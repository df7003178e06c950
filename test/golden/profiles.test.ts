import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readAll } from "./files";
import { matrix, profiled, tunnelTexts } from "./matrix";
import { daemons } from "./topologies";

const FOLDER = join(__dirname, "profiles");
const update = process.env.UPDATE_GOLDEN === "1";

describe.each(daemons)("%s", (daemon) => {
  it.each(matrix(daemon))("renders %s with profile %s, byte for byte", (form, profile) => {
    const file = join(FOLDER, daemon, profile, `${form}.conf`);
    const text = tunnelTexts(profiled(form, daemon, profile));
    if (update) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, "utf8"));
  });
});

it("has an expected file for nothing else", () => {
  const all = daemons.flatMap((daemon) =>
    matrix(daemon).map(([form, profile]) => `${daemon}/${profile}/${form}.conf`),
  );
  expect([...readAll(FOLDER).keys()].sort()).toEqual(all.sort());
});
