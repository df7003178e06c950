// A Stryker checker that lets only a sample of the changes be tried: the first MUTATION_COUNT of all, in an order that
// the hash of MUTATION_SEED and the change gives. A greater count with the same seed tries the same ones and more.
// Stryker counts the others as not compiling, and leaves them out of its score.
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";

const { MUTATION_SEED: seed, MUTATION_COUNT: count } = process.env;

const rank = ({ fileName, location, mutatorName, replacement }) =>
  createHash("sha256")
    .update(JSON.stringify([seed, basename(fileName), location, mutatorName, replacement]))
    .digest("hex");

class Sample {
  #chosen = new Set();

  // Stryker wants it.
  init() {
    return Promise.resolve();
  }

  // Stryker asks once, with all changes.
  async group(mutants) {
    const ranked = mutants.map((mutant) => ({ id: mutant.id, rank: rank(mutant) }));
    ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
    this.#chosen = new Set(ranked.slice(0, Number(count)).map(({ id }) => id));
    return [mutants.map(({ id }) => id)];
  }

  async check(mutants) {
    return Object.fromEntries(
      mutants.map(({ id }) => [
        id,
        this.#chosen.has(id)
          ? { status: "passed" }
          : { status: "compileError", reason: "not in the sample" },
      ]),
    );
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Checker, "sample", Sample)];
