import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allDeclarations } from "../../../operate/catalogue";
import { declare, flag, optionsOf, valued } from "../../../operate/commandLine/declaration";
import { file, oneOf, text } from "../../../operate/commandLine/values";
import { wordsOf } from "../../../operate/completion/words";
import { describeWith, run } from "../support/tools";
import { gateway } from "./support/gateway";

test("the words come from the declaration", () => {
  const names = valued(text("NAME"), "one", { many: true });
  const demo = declare({
    name: "demo",
    summary: "s",
    text: "t",
    hidden: true,
    actions: {
      on: {
        text: "turns it on",
        arguments: { names },
        options: { mode: valued(oneOf("a", "b"), "how", { short: "m" }) },
      },
      reset: {
        text: "resets it",
        options: { file: valued(file, "of what"), quiet: flag("no word") },
      },
    },
    examples: ["./scripts/gateway demo on"],
    exit: { ok: "done" },
  });
  expect(wordsOf(demo)).toEqual({
    name: "demo",
    summary: "s",
    hidden: true,
    first: ["on", "reset"],
    options: ["--file", "--help", "--mode", "--quiet"],
    choices: { "--mode": ["a", "b"], "-m": ["a", "b"] },
    paths: ["--file"],
  });
});

test.each([
  [[], "bash|zsh is missing"],
  [["fish"], "write bash or zsh"],
  [["bash", "zsh"], "zsh: unexpected argument: ./scripts/gateway completion bash|zsh"],
])("%j is called wrongly", async (argv, message) => {
  const { status, err } = await gateway(["completion", ...argv]);
  expect([status, err]).toEqual([64, expect.stringContaining(message)]);
});

describeWith("bash")("in bash", () => {
  const folder = mkdtempSync(join(tmpdir(), "completion-"));
  const script = join(folder, "completion");
  beforeAll(async () => {
    writeFileSync(script, (await gateway(["completion", "bash"])).out);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    [["pe"], ["peer"]],
    [
      ["peer", "west", "--vendor", "cisco-i"],
      ["cisco-ios", "cisco-ios-vti"],
    ],
    [["peer", "west", "--rev"], ["--reveal-psk"]],
    [["iso", "fe"], ["fetch"]],
    [
      ["import", "--daemon", "i"],
      ["iked", "isakmpd"],
    ],
    [["import", "--root", ""], []],
    [
      ["completion", ""],
      ["bash", "zsh", "--help"],
    ],
    [["ins"], []],
  ])("%j offers %j", (typed, offered) => {
    const program =
      'file=$1; shift; source "$file"; COMP_WORDS=(./scripts/gateway "$@"); COMP_CWORD=$#; ' +
      '_gateway; printf "%s\\n" "${COMPREPLY[@]}"';
    const { stdout, stderr } = run("bash", ["-c", program, "bash", script, ...typed]);
    expect([stdout.split("\n").filter((line) => line !== ""), stderr]).toEqual([offered, ""]);
  });

  it("each option of each command is offered", async () => {
    const program =
      'source "$1"; shift; COMP_CWORD=2; for name; do COMP_WORDS=(gateway "$name" --); _gateway; ' +
      'echo "$name" $(printf "%s\\n" "${COMPREPLY[@]}" | sort); done';
    const declarations = await allDeclarations();
    const names = declarations.map(({ name }) => name);
    const { stdout } = run("bash", ["-c", program, "bash", script, ...names]);
    const wanted = declarations.map((declaration) => {
      const options = [...Object.keys(optionsOf(declaration)), "help"].map((name) => `--${name}`);
      return [declaration.name, ...options.sort()].join(" ");
    });
    expect(stdout.trimEnd().split("\n")).toEqual(wanted);
  });
});

describeWith("zsh")("in zsh", () => {
  it("the script has no error of syntax", async () => {
    const { out } = await gateway(["completion", "zsh"]);
    expect(run("zsh", ["-n", "-s"], out)).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});
