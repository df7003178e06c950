import { ownKeyTest, SIGNERS } from "./support/publicKeys";

describe.each([SIGNERS.iked, SIGNERS.isakmpd])("$daemon", ownKeyTest);
