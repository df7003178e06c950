import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lab, labOk, ROOT, verify } from "./support/lab";

const GIVEN = join(ROOT, ".lab/e2e-given");
const KEY = join(ROOT, ".lab/keys/lab-base.pub");

describe("a lab from an ISO that somebody brings", () => {
  beforeAll(async () => {
    await labOk("down");
    mkdirSync(GIVEN, { recursive: true });
    for (const name of ["install79.iso", "SHA256.sig"]) {
      copyFileSync(join(ROOT, ".lab/media", name), join(GIVEN, name));
    }
    await labOk("up", "--iso", join(GIVEN, "install79.iso"), "--key", KEY);
  });

  afterAll(() => {
    rmSync(GIVEN, { recursive: true, force: true });
  });

  it("is installed from that one, under the release of its name, and proven", async () => {
    const stack = readFileSync(join(ROOT, ".lab/project/Pulumi.test.yaml"), "utf8");
    expect(stack).toContain(
      `release: "7.9"\n      file: ${GIVEN}/install79.iso\n      key: ${KEY}\n`,
    );
    expect((await verify()).code).toBe(0);
    await labOk("pulumi", "preview", "--expect-no-changes");
  });

  it("stays what it is until it is taken down", async () => {
    const { code, output } = await lab("up", "--image");
    expect(code).not.toBe(0);
    expect(output).toMatch(/made from: iso .*install79\.iso.*: run \.\/scripts\/lab down first/);
  });

  it("does not guess a release, nor take a key for another source", async () => {
    const nameless = await lab("up", "--iso", KEY);
    expect(nameless.output).toMatch(/say which release it is: --release 7\.9/);
    const other = await lab("up", "--installer", "--key", KEY);
    expect(other.output).toMatch(/--release and --key belong to --iso/);
    expect([nameless.code, other.code]).not.toContain(0);
  });
});
