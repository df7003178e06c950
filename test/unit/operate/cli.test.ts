import { gateway, startGateway } from "./support/gateway";

test("without a command it lists them on stderr and counts as called wrongly", async () => {
  const { status, out, err } = await gateway([]);
  expect([status, out]).toEqual([64, ""]);
  expect(err).toMatch(/^usage: .*\n(.*\n)* {2}iso +gets, verifies/);
});

test.each(["--help", "-h", "help"])("%s lists the commands on stdout", async (word) => {
  const { status, out, err } = await gateway([word]);
  expect([status, err]).toEqual([0, ""]);
  expect(out).toContain("iso");
  // What pulumi up runs is not for a person to choose.
  expect(out).not.toMatch(/^ {2}(adopt|install) /m);
});

test.each([
  [["nonsense"], "gateway: nonsense: no such command: ./scripts/gateway --help lists them\n"],
  [["staus"], "gateway: staus: no such command: did you mean status?\n"],
  [["tunnel", "west", "restart"], "gateway: tunnel: the action comes first: tunnel restart west\n"],
  [["../cli"], "gateway: ../cli: no such command: ./scripts/gateway --help lists them\n"],
  [["iso"], "gateway: iso: give fetch, verify or build: ./scripts/gateway iso --help\n"],
  [
    ["iso", "burn"],
    "gateway: iso: burn: no such action: give fetch, verify or build: ./scripts/gateway iso --help\n",
  ],
  [["iso", "ftech"], "gateway: iso: ftech: no such action: did you mean fetch?\n"],
  [["iso", "fetch"], "gateway: iso: --release VERSION is missing\n"],
  [["iso", "fetch", "--output", "x"], "gateway: iso: --output: no option of iso fetch\n"],
  [["iso", "verify", "--release", "7.9"], "gateway: iso: --iso FILE is missing\n"],
  [["iso", "build", "--release", "7.9"], "gateway: iso: --values FILE is missing\n"],
  [
    ["iso", "build", "--release", "7.9", "install79.iso"],
    "gateway: iso: install79.iso: unexpected argument: ./scripts/gateway iso build --release VERSION " +
      "--values FILE [OPTION…]\n",
  ],
  [
    ["iso", "fetch", "--release", "7.9", "--mirror", "file:///etc"],
    "gateway: iso: --mirror file:///etc: write an http or https URL\n",
  ],
])("%j is called wrongly", async (argv, message) => {
  expect(await gateway(argv)).toEqual({ status: 64, out: "", err: message });
});

test("an unknown option is called wrongly too, and says which", async () => {
  const { status, err } = await gateway(["iso", "fetch", "--relase", "7.9"]);
  expect(status).toBe(64);
  expect(err).toBe("gateway: iso: --relase: no such option: did you mean --release?\n");
});

test("every command explains itself", async () => {
  const { status, out } = await gateway(["iso", "fetch", "--help"]);
  expect(status).toBe(0);
  expect(out).toMatch(/^usage: .\/scripts\/gateway iso fetch/);
});

test("the executable works from any directory and passes on the exit status", async () => {
  const { done } = startGateway(["iso", "fetch", "--release", "6.0"]);
  expect(await done).toEqual({
    status: 1,
    out: "",
    err: "gateway: iso: OpenBSD 6.0: no signing key of this release is known here: use 7.8, 7.9, 8.0 or 8.1\n",
  });
});
