import { Capture } from "../../lab/verify/capture";
import { outsideOf } from "../../lab/verify/outside";
import { gatewayStatus } from "./support/operator";
import { ownStack, upOk } from "./support/ownStack";
import { branchOf, contradiction, declare, type Scenario } from "./support/scenario";
import { PORTS } from "./support/scenarioRows";
import { IKEV1, IKEV2 } from "./support/scenarioTable";
import { serve } from "./support/services";
import { editStack } from "./support/stackFile";

ownStack();

describe.each([
  { daemon: "iked", scenarios: IKEV2 },
  { daemon: "isakmpd", scenarios: IKEV1 },
])("with $daemon, tunnels of many kinds on one gateway", ({ daemon, scenarios }) => {
  let table: readonly Scenario[];
  let capture: Capture;
  let endServices: () => void;

  beforeAll(async () => {
    table = scenarios();
    capture = await Capture.start();
    endServices = serve(PORTS);
    editStack((values) => {
      values.set("ike.daemon", daemon);
      declare(values, table);
    });
    await upOk();
  });

  afterAll(() => {
    capture.discard();
    endServices();
  });

  it("carry what they are declared for, and nothing else", async () => {
    const wrong: string[] = [];
    for (const [index, { name, rows }] of table.entries()) {
      for (const row of rows) {
        const printed = await contradiction(row, branchOf(index));
        if (printed !== undefined) wrong.push(`${name}: ${printed}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("are what `gateway status` calls them", async () => {
    const { tunnels } = await gatewayStatus();
    const states = Object.fromEntries(tunnels.map(({ name, state }) => [name, state]));
    expect(states).toEqual(Object.fromEntries(table.map(({ name, state }) => [name, state])));
  });

  it("let no packet out in clear", async () => {
    expect(outsideOf(await capture.stop(), []).cleartext).toEqual([]);
  });
});
