// What the stand-ins tell the engine before anything is done: what is wrong, what differs, what is secret.
import { secret } from "../../lab/toolchain/providers/core/values";
import { commandProvider, randomProvider, recording } from "./support/provider";

const remote = "command:remote:Command";
const local = "command:local:Command";
const password = "random:index/randomPassword:RandomPassword";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const connection = { host: "gateway", privateKey: "PRIVATE KEY" };

describe("check", () => {
  test("accepts inputs that are right, secret or not known yet", () => {
    expect(
      commandProvider.check(remote, { connection: secret(connection), create: unknown }),
    ).toEqual([]);
    expect(
      commandProvider.check(remote, { connection: secret({ ...connection, host: unknown }) }),
    ).toEqual([]);
    expect(randomProvider.check(password, { length: unknown, minLower: 4 })).toEqual([]);
  });

  test("refuses what it would have to ignore", () => {
    const refused = (inputs: object) =>
      commandProvider.check(local, { ...inputs }).map(({ property }) => property);
    expect(refused({ create: "true", assetPaths: ["*"] })).toEqual(["assetPaths"]);
    expect(refused({ create: "true", retries: 3 })).toEqual(["retries"]);
    expect(refused({ create: "true", logging: "some" })).toEqual(["logging"]);
    expect(refused({ create: "true", archivePaths: undefined })).toEqual([]);
  });

  test("names a misspelt field of a connection without showing the connection", () => {
    const failures = commandProvider.check(remote, {
      connection: secret({ ...connection, privatekey: "OTHER KEY" }),
    });
    expect(failures).toEqual([
      { property: "connection.privatekey", reason: "no field of this name" },
    ]);
  });

  test("refuses a type it does not have by name", () => {
    expect(() => randomProvider.check("random:index/randomPet:RandomPet", {})).toThrow(
      /RandomPet is not part of the closed-network stand-in for the plugin random/,
    );
    const failures = commandProvider.check("command:remote:CopyToRemote", {
      connection,
      remotePath: "/x",
    });
    expect(failures.map(({ reason }) => reason).join()).toContain(
      "not supported on the closed network",
    );
  });
});

describe("diff", () => {
  const old = { connection: secret(connection), create: "make", stdin: secret("text") };
  const diff = (inputs: object) => commandProvider.diff(remote, old, { ...inputs });

  test("finds nothing in the same inputs, in whatever way they are marked", () => {
    expect(diff(old)).toEqual({ changed: [], replaces: [] });
    expect(diff({ connection, create: secret("make"), stdin: "text" })).toEqual({
      changed: [],
      replaces: [],
    });
  });

  test("finds a change inside a secret", () => {
    const moved = secret({ ...connection, host: "other" });
    expect(diff({ ...old, connection: moved })).toEqual({ changed: ["connection"], replaces: [] });
    expect(diff({ ...old, stdin: secret("texts") }).changed).toEqual(["stdin"]);
  });

  test("finds added, removed and unknown inputs", () => {
    expect(diff({ ...old, delete: "unmake" }).changed).toEqual(["delete"]);
    expect(diff({ connection, create: "make" }).changed).toEqual(["stdin"]);
    expect(diff({ ...old, stdin: unknown }).changed).toEqual(["stdin"]);
    expect(diff({ ...old, environment: { A: unknown } }).changed).toEqual(["environment"]);
  });

  test("replaces for triggers only", () => {
    expect(diff({ ...old, triggers: [1] })).toEqual({
      changed: ["triggers"],
      replaces: ["triggers"],
    });
  });

  test("replaces a password for any change", () => {
    const inputs = { length: 20, keepers: { peer: "west" } };
    expect(randomProvider.diff(password, inputs, inputs).changed).toEqual([]);
    expect(
      randomProvider.diff(password, inputs, { ...inputs, keepers: { peer: "east" } }).replaces,
    ).toEqual(["keepers"]);
    expect(randomProvider.diff(password, inputs, { length: 21 }).replaces.sort()).toEqual([
      "keepers",
      "length",
    ]);
  });
});

describe("state", () => {
  test("keeps inputs as they are marked and makes outputs secret as soon as one input is", async () => {
    const inputs = { create: "cat", stdin: secret("hidden"), logging: "none" };
    const { state } = await commandProvider.create(local, inputs, "c", recording().context);
    expect(state).toEqual({ ...inputs, stdout: secret("hidden"), stderr: secret("") });
    const open = await commandProvider.create(
      local,
      { create: "echo seen" },
      "c",
      recording().context,
    );
    expect(open.state).toEqual({ create: "echo seen", stdout: "seen", stderr: "" });
  });

  test("makes a password secret by itself", async () => {
    const { id, state } = await randomProvider.create(
      password,
      { length: 8 },
      "p",
      recording().context,
    );
    expect(id).toBe("none");
    expect(state.result).toEqual(secret(expect.any(String)));
  });
});
