import { CERTIFIED, certificateTests } from "./support/certificateTests";

certificateTests(CERTIFIED.iked);
