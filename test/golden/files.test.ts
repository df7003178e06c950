import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readAll, renderAll } from "./files";
import { daemonsOf, topologies, topology } from "./topologies";

/** `UPDATE_GOLDEN=1 npx jest test/golden` writes what is rendered now; read the diff before commit. */
const update = process.env.UPDATE_GOLDEN === "1";

describe.each(Object.keys(topologies))("%s", (name) => {
  it.each(daemonsOf(name))("renders the expected files for %s, byte for byte", (daemon) => {
    const folder = join(__dirname, "expected", name, daemon);
    const rendered = renderAll(topology(name, daemon));
    if (update) {
      rmSync(folder, { recursive: true, force: true });
      for (const [path, text] of rendered) {
        mkdirSync(join(folder, dirname(path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    }
    expect(new Map([...rendered].sort())).toEqual(new Map([...readAll(folder)].sort()));
  });
});
