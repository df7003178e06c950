import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gateway } from "../operate/support/gateway";
import { read } from "./support";

test("the first stack of README.md has at most ten lines, and gateway check accepts it", async () => {
  const [, text = ""] = /first stack:[^]*?```yaml\n([^]*?)```/.exec(read("README.md")) ?? [];
  expect(text.trim().split("\n").length).toBeLessThanOrEqual(10);
  const folder = mkdtempSync(join(tmpdir(), "first-stack-"));
  try {
    const file = join(folder, "Pulumi.prod.yaml");
    writeFileSync(file, text);
    writeFileSync(join(folder, "Pulumi.yaml"), read("Pulumi.yaml"));
    const { status, out } = await gateway(["check", file]);
    expect(out.split("\n").filter((line) => line !== "" && !line.startsWith("warning: "))).toEqual(
      [],
    );
    expect(status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
