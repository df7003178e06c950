import * as faults from "./support/faults";
import { bothProvenAgain, expectExplained } from "./support/faults";
import { lab } from "./support/lab";
import { ownStack, upOk } from "./support/ownStack";
import { RemoteSite } from "./support/site";
import { editStack } from "./support/stackFile";

let west: RemoteSite;

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
  ownStack(() => lab("perimeter", "nft", "delete table ip fault"));

  beforeAll(async () => {
    editStack((values) => {
      values.set("ike.daemon", "isakmpd");
    });
    await upOk();
    // Only now: the sites' files have IKEv1.
    west = new RemoteSite("west");
    await bothProvenAgain();
  });

  test.each(FAULTS)("$name", (fault) => expectExplained(fault, west));
});
