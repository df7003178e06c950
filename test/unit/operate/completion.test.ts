import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allCommands } from "../../../operate/catalogue";
import { wordsOf } from "../../../operate/completion/words";
import { describeWith, run } from "../support/tools";
import { gateway } from "./support/gateway";

test("every command explains itself with an example and its exit statuses", async () => {
  for (const { name, usage, summary } of await allCommands()) {
    expect([name, usage.startsWith(`usage: ./scripts/gateway ${name}`)]).toEqual([name, true]);
    expect([name, /^Examples?:\n {2}\S/m.test(usage)]).toEqual([name, true]);
    expect([name, /^Exit status: (?:0|that) /m.test(usage)]).toEqual([name, true]);
    expect(summary).not.toBe("");
  }
});

test("the words come from the help", () => {
  const usage = `usage: ./scripts/gateway demo on|off NAME [--mode a|b]
       ./scripts/gateway demo reset [--file FILE]

  --quiet  say nothing
`;
  const words = wordsOf({ name: "demo", summary: "s", usage, run: () => Promise.resolve(0) });
  expect(words).toEqual({
    name: "demo",
    summary: "s",
    actions: ["on", "off", "reset"],
    options: ["--file", "--help", "--mode", "--quiet"],
    choices: { "--mode": ["a", "b"] },
    paths: ["--file"],
  });
});

test.each([["completion"], ["completion", "fish"], ["completion", "bash", "zsh"]])(
  "%j is called wrongly",
  async (...argv) => {
    const { status, err } = await gateway(argv);
    expect([status, err]).toEqual([64, "gateway: completion: name the shell: bash or zsh\n"]);
  },
);

describeWith("bash")("in bash", () => {
  const folder = mkdtempSync(join(tmpdir(), "completion-"));
  const file = join(folder, "completion");
  beforeAll(async () => {
    writeFileSync(file, (await gateway(["completion", "bash"])).out);
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
  ])("%j offers %j", (typed, offered) => {
    const script =
      'file=$1; shift; source "$file"; COMP_WORDS=(./scripts/gateway "$@"); COMP_CWORD=$#; ' +
      '_gateway; printf "%s\\n" "${COMPREPLY[@]}"';
    const { stdout, stderr } = run("bash", ["-c", script, "bash", file, ...typed]);
    expect([stdout.split("\n").filter((line) => line !== ""), stderr]).toEqual([offered, ""]);
  });
});

describeWith("zsh")("in zsh", () => {
  it("the script has no error of syntax", async () => {
    const { out } = await gateway(["completion", "zsh"]);
    expect(run("zsh", ["-n", "-s"], out)).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});
