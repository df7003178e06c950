import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * What a program prints when a text is in its arguments, on standard error where it fails; the first
 * answer that fits counts.
 */
export type Answers = readonly (readonly [inArguments: string, prints: string, status?: number])[];

/**
 * Programs that stand in for those of the operator's machine, first in this process's PATH. Their folder is
 * the project's too.
 */
export class FakePrograms {
  public readonly folder = mkdtempSync(join(tmpdir(), "fakes-"));
  private readonly before = { ...process.env };

  constructor() {
    mkdirSync(join(this.folder, "bin"));
    process.env.PATH = [join(this.folder, "bin"), this.before.PATH].join(delimiter);
    process.env.GATEWAY_PROJECT = this.folder;
  }

  /** From now on the program answers so; whatever else it is asked is an error. */
  public answer(program: string, answers: Answers): void {
    const cases = answers.map(([words, prints, status = 0], index) => {
      const file = join(this.folder, `${program}.${index}`);
      writeFileSync(file, prints);
      const stream = status === 0 ? "" : " >&2";
      return `*'${words}'*) cat '${file}'${stream}; exit ${status} ;;`;
    });
    const script = `#!/bin/sh
case "$*" in
${cases.join("\n")}
esac
echo "error: ${program}: unexpected $*" >&2
exit 1
`;
    writeFileSync(join(this.folder, "bin", program), script, { mode: 0o755 });
  }

  public remove(): void {
    process.env = this.before;
    rmSync(this.folder, { recursive: true });
  }
}
