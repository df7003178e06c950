import { inLab, lab, labOk, onGateway, verify } from "./support/lab";

/** Where the stand-in has what its mirror offers. */
const MIRROR = "/usr/libexec/host/mirror";

interface Upgraded {
  readonly from: string;
  readonly release: string;
  readonly back: string;
  readonly remove: string;
}

const upgrade = (...args: string[]) => lab("gateway", "upgrade", "--stack", "test", ...args);
const release = async (): Promise<string> => (await onGateway("uname -r")).stdout.trim();

async function proven(): Promise<void> {
  const { code, tunnels } = await verify();
  expect(tunnels.filter((tunnel) => !tunnel.proven)).toEqual([]);
  expect(code).toBe(0);
}

beforeAll(async () => {
  await labOk("up");
});

it("goes to the next release, has nothing to do then, and goes back by what it printed", async () => {
  const old = await release();
  const [major = 0, minor = 0] = old.split(".").map(Number);
  const next = minor === 9 ? `${major + 1}.0` : `${major}.${minor + 1}`;

  const over = await upgrade(`${major + 2}.0`, "--check");
  expect(over.code).toBe(1);
  expect(over.stdout).toMatch(/^refused {2}release: /m);

  await onGateway(`mkdir -p ${MIRROR} && echo ${next} >${MIRROR}/releases`);
  let done: Upgraded | undefined;
  try {
    const first = await upgrade(next, "--yes", "gw-test", "--json");
    expect(first).toMatchObject({ code: 0 });
    done = JSON.parse(first.stdout) as Upgraded;
    expect(done).toMatchObject({ from: old, release: next });
    expect(await release()).toBe(next);
    await proven();
    await labOk("pulumi", "preview", "--expect-no-changes");

    const second = await upgrade(next);
    expect(second.code).toBe(0);
    expect(second.stdout).toContain("nothing to upgrade");
    expect(second.output).not.toContain("packages");

    // As after a run that was cut off when the gateway had come back.
    await onGateway(`echo ${old} >/var/db/gwctl/upgrade`);
    const third = await upgrade(next);
    expect(third.code).toBe(0);
    expect(third.output).toContain("merge and update packages");
    expect(third.stdout).toContain("its upgrade is done");
  } finally {
    if (done) {
      const { back, remove } = done;
      const image = "gw-test-before-*.img";
      const went = await inLab(`cd /tmp && ${back} && ${remove} && rm -f ${image}`);
      expect(went).toMatchObject({ code: 0 });
    }
  }
  await proven();
  expect(await release()).toBe(old);
  await onGateway(`rm -f ${MIRROR}/releases`);
  await labOk("pulumi", "preview", "--expect-no-changes");
});
