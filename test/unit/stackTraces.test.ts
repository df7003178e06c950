import { inspect } from "node:util";
import { withoutTraces, withPackage } from "../../components/stackTraces";

test("a frame of Pulumi's own is named by its package, so that inspecting the error ends", () => {
  const error = new Error("refused");
  error.stack = withPackage(`Error: refused
    at module.exports (/a/index.ts:14:3)
    at Object.runProgram [as init] (/a/node_modules/@pulumi/cmd/run/run.ts:579:20)
    at Stack.initialize (/a/node_modules/@pulumi/resource.ts:1598:22)
    at /a/node_modules/@pulumi/output.ts:7:1`);
  expect(error.stack).toContain("(/a/node_modules/@pulumi/pulumi/resource.ts:1598:22)");
  expect(error.stack).toContain("at /a/node_modules/@pulumi/pulumi/output.ts:7:1");
  expect(error.stack).toContain("(/a/node_modules/@pulumi/cmd/run/run.ts:579:20)");
  expect(inspect(error, { colors: true })).toContain("refused");
});

test("what is made without traces leaves the traces of everything after it, also when it fails", () => {
  const limit = Error.stackTraceLimit;
  expect(withoutTraces(() => new Error("here").stack)).toBe("Error: here");
  expect(() =>
    withoutTraces(() => {
      throw new Error("inside");
    }),
  ).toThrow("inside");
  expect(Error.stackTraceLimit).toBe(limit);
  expect(new Error("after").stack).toMatch(/\n +at /);
});
