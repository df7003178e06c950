import { publicKeyTests, SIGNERS } from "./support/publicKeys";

publicKeyTests(SIGNERS.isakmpd);
