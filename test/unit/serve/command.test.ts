import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { PageState } from "../../../operate/serve/pageState";
import { deployed, exported } from "../operate/support/deployed";
import { startGateway } from "../operate/support/gateway";
import { liveText } from "../operate/support/liveText";

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "serve-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A program that prints a text, or fails with it. */
function fake(name: string, text: string, status = 0): void {
  writeFileSync(join(folder, `${name}.txt`), text);
  const stream = status === 0 ? "" : " >&2";
  const script = `#!/bin/sh\ncat '${join(folder, name)}.txt'${stream}\nexit ${status}\n`;
  writeFileSync(join(folder, name), script);
  chmodSync(join(folder, name), 0o755);
}

const env = { PATH: `${folder}${delimiter}${process.env.PATH ?? ""}` };
const [west, east] = deployed.tunnels;

test("the command reads the stack, asks the gateway over ssh, serves, and ends with 0", async () => {
  if (west === undefined || east === undefined) throw new Error("the test stack has two tunnels");
  fake("pulumi", exported(deployed));
  fake(
    "ssh",
    liveText({ tunnels: [{ tunnel: west }, { tunnel: east, ike: undefined, child: [] }] }),
  );
  const { child, done } = startGateway(
    ["serve", "--listen", "127.0.0.1:0", "--interval", "5"],
    env,
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (text: Buffer) => {
      resolve(text.toString().trim());
    });
    void done.then(({ err }) => {
      reject(new Error(err));
    });
  });
  let page: PageState;
  do page = (await (await fetch(`${url}api/state`)).json()) as PageState;
  while (page.at === undefined && page.failure === undefined);
  expect(page.failure).toBeUndefined();
  const states = page.tunnels.map(({ name, state }) => [name, state]);
  expect(Object.fromEntries(states)).toEqual({ west: "proven", east: "down" });
  expect(await (await fetch(`${url}metrics`)).text()).toContain(
    'ipsec_tunnel_proven{tunnel="west"} 1\n',
  );
  child.kill("SIGTERM");
  expect(await done).toEqual({ status: 0, out: `${url}\n`, err: "" });
});

test("a stack that is not deployed is said, and nothing is served", async () => {
  fake("pulumi", "{}");
  const { done } = startGateway(["serve", "--listen", "127.0.0.1:0"], env);
  const { status, out, err } = await done;
  expect([status, out]).toEqual([1, ""]);
  expect(err).toBe(
    "gateway: serve: the selected stack is not deployed: bring it up with pulumi up\n",
  );
});

test("a gateway that is not reached is served as unknown, and logged once", async () => {
  fake("pulumi", exported(deployed));
  fake("ssh", "ssh: connect to host 10.10.0.2 port 22: No route to host\n", 255);
  const { child, done } = startGateway(
    ["serve", "--listen", "127.0.0.1:0", "--interval", "5"],
    env,
  );
  const url = await new Promise<string>((resolve) => {
    child.stdout?.once("data", (text: Buffer) => {
      resolve(text.toString().trim());
    });
  });
  let page: PageState;
  do page = (await (await fetch(`${url}api/state`)).json()) as PageState;
  while (page.failure === undefined);
  expect(page.tunnels.map(({ name, state }) => [name, state])).toEqual([
    ["west", "unknown"],
    ["east", "unknown"],
  ]);
  child.kill("SIGTERM");
  const { status, err } = await done;
  expect(status).toBe(0);
  expect(err).toMatch(/^\S+Z collection fails since \S+Z: .*gw-test.*\n$/);
});
