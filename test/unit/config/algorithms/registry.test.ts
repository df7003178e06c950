import { groupNumber, supported } from "../../../../config/algorithms";
import { nameOfConstant, nameOfWord } from "../../../../config/algorithms/daemonWords";
import type { Cipher, Group, InDaemon } from "../../../../config/algorithms/row";
import { TABLES } from "../../../../config/algorithms/table";

const KINDS = ["encryption", "hash", "group"] as const;
const DAEMONS = ["iked", "isakmpd"] as const;

const known: InDaemon = { words: ["word"], for: ["ike"], logs: ["WORD"] };
const daemons = { iked: known, isakmpd: null };
const names = { iana: 99, alsoCalled: [] };
const devices = {
  ...{ "cisco-ios": null, "cisco-asa": null, strongswan: "word" },
  ...{ fortigate: null, mikrotik: null, aws: null },
};

// Read by the compiler: without the error that each of them expects, the project does not build.
it("a row that is not complete does not compile", () => {
  const whole: Group = { ...daemons, ...names, devices, discouraged: [] };
  // @ts-expect-error: nobody said whether it is discouraged
  const unassessed: Group = { ...daemons, ...names, devices };
  // @ts-expect-error: nobody said whether isakmpd has it
  const undecided: Group = { iked: known, ...names, devices, discouraged: [] };
  // @ts-expect-error: the other devices are forgotten
  const forgotten: Group = { ...whole, devices: { strongswan: "word", aws: null } };
  // @ts-expect-error: a cipher authenticates by itself or does not
  const cipher: Cipher = { ...whole, title: "WORD", blockBits: 128 };
  expect([whole, unassessed, undecided, forgotten, cipher]).toHaveLength(5);
});

describe.each(DAEMONS)("%s", (daemon) => {
  it.each(KINDS)("has no word for two %s", (kind) => {
    const words = [...TABLES[kind]].flatMap(([name, row]) =>
      (row[daemon]?.words ?? []).map((word) => [name, nameOfWord(daemon, kind, word)]),
    );
    expect(words.filter(([name, found]) => name !== found)).toEqual([]);
  });

  it("logs nothing that stands for two algorithms, but isakmpd AES of every key length", () => {
    const constants = KINDS.flatMap((kind) =>
      [...TABLES[kind]].flatMap(([name, row]) =>
        (row[daemon]?.logs ?? []).map((constant) => [constant, name] as const),
      ),
    );
    const several = constants.filter(([one, name]) => nameOfConstant(daemon, one) !== name);
    expect([...new Set(several.map(([constant]) => constant))]).toEqual(
      daemon === "isakmpd" ? ["AES_CBC"] : [],
    );
  });
});

it("no two groups have one number", () => {
  const numbers = [...TABLES.group.keys()].flatMap((name) => groupNumber(name) ?? []);
  expect(new Set(numbers).size).toBe(numbers.length);
});

it("every algorithm can be declared with a daemon, or is refused, or was known to earlier ones", () => {
  const roles = ["Encryption", "Integrity", "Group"] as const;
  const declarable = DAEMONS.flatMap((daemon) =>
    roles.flatMap((role) => [
      ...supported(daemon, `ike${role}`),
      ...supported(daemon, `esp${role}`),
    ]),
  );
  const others = Object.values(TABLES).flatMap((table) =>
    [...table].filter(([name, row]) => !("refused" in row) && !declarable.includes(name)),
  );
  expect(others.map(([name]) => name)).toEqual(["ecp192"]);
});
