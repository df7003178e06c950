import { answers, marked, marks, questions } from "../../../render/perimeter/marks";
import { hostScript } from "../../../render/perimeter/script";
import { run } from "../support/tools";

const script = (state: string) =>
  hostScript({ subject: "test", id: "gw.step" }, { apply: ":", remove: ":", state, common: "" });

it("asks many steps in one script, and gives each its own answer", () => {
  const scripts = new Map([
    ["udp-500", script("say present ''")],
    ["udp-4500", script("say changed 'udp dport 4500 dnat to 10.0.0.9'; say foreign x")],
    ["esp", script(":")],
  ]);
  const { stdout } = run("sh", ["-s"], questions(scripts));
  expect(answers(stdout)).toEqual(
    new Map([
      ["udp-500", [{ state: "present", detail: "" }]],
      [
        "udp-4500",
        [
          { state: "changed", detail: "udp dport 4500 dnat to 10.0.0.9" },
          { state: "foreign", detail: "x" },
        ],
      ],
      ["esp", []],
    ]),
  );
});

it("takes a mark only of a step whose work is there", () => {
  const found = marks(
    [
      ["--- whole", "present\t", "mark\tm1"],
      ["--- advised", "advice\tenable it", "mark\tm2"],
      ["--- gone", "missing\tno rule", "mark\tm3"],
      ["--- contested", "present\t", "foreign\trule", "mark\tm4"],
      ["--- unmarked", "present\t"],
      ["--- broken"],
    ]
      .flat()
      .join("\n"),
  );
  expect([...found]).toEqual([
    ["whole", "m1"],
    ["advised", "m2"],
  ]);
});

it("starts with the mark, which changes the input of the step and nothing else", () => {
  expect(marked("m1", "rest\n")).toBe("mark=m1\nrest\n");
});
