import { Capture } from "../../lab/verify/capture";
import { outsideOf } from "../../lab/verify/outside";
import { gatewayStatus } from "./support/operator";
import { certifyBranches, forgetCertificates } from "./support/certificates";
import { ownStack, upOk } from "./support/ownStack";
import { branchOf, contradiction, declare, type Scenario } from "./support/scenario";
import { PORTS } from "./support/scenarioRows";
import { IKEV1, IKEV2 } from "./support/scenarioTable";
import { serve } from "./support/services";
import { editStack } from "./support/stackFile";

ownStack();

describe.each([
  { daemon: "iked", scenarios: IKEV2, certificates: undefined },
  { daemon: "isakmpd", scenarios: IKEV1, certificates: certifyBranches },
])("with $daemon, tunnels of many kinds on one gateway", ({ daemon, scenarios, certificates }) => {
  let table: readonly Scenario[];
  let capture: Capture;
  let endServices: () => void;

  beforeAll(async () => {
    table = scenarios();
    capture = await Capture.start();
    endServices = serve(PORTS);
    const certified = await certificates?.();
    editStack((values) => {
      values.set("ike.daemon", daemon);
      if (certified) values.set("ike.certificates", certified);
      declare(values, table);
    });
    await upOk();
  });

  afterAll(() => {
    capture.discard();
    endServices();
    forgetCertificates("branches");
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
    const states = new Map(tunnels.map(({ name, state }) => [name, state]));
    const other = table.flatMap(({ name, state }) => {
      const found = states.get(name);
      return found !== undefined && [state].flat().includes(found) ? [] : [{ name, found }];
    });
    expect(other).toEqual([]);
  });

  it("let no packet out in clear", async () => {
    expect(outsideOf(await capture.stop(), []).cleartext).toEqual([]);
  });
});
