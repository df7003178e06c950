import * as faults from "./support/faults";
import { bothProvenAgain, toldOf } from "./support/faults";
import { lab, labOk, verify } from "./support/lab";
import { RemoteSite } from "./support/site";
import { editStack, saveStack } from "./support/stackFile";

let west: RemoteSite;
let restore: () => void;

// The others are the same with both daemons.
const FAULTS = [
  faults.WRONG_KEY,
  faults.OTHER_PHASE_1_V1,
  faults.OTHER_PHASE_2_V1,
  faults.OTHER_NETWORKS,
  faults.OTHER_IDENTITY,
  faults.KILLED,
  faults.HANGS_V1,
];

describe("with isakmpd, status and why tell the truth about", () => {
  beforeAll(async () => {
    restore = saveStack();
    editStack((values) => {
      values.set("ike.daemon", "isakmpd");
    });
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    // Only now: the sites' files have IKEv1.
    west = new RemoteSite("west");
    await bothProvenAgain();
  });

  afterAll(async () => {
    await lab("perimeter", "nft", "delete table ip fault");
    restore();
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    expect((await verify()).code).toBe(0);
  });

  test.each(FAULTS)("$name", (fault) => toldOf(fault, west));
});
