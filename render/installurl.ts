import type { SystemConfig } from "../config/schema";
import { lines } from "./text";

/** /etc/installurl: the first line that is no comment is the mirror (installurl(5)). */
export function installurl({ installurl: mirror }: SystemConfig): string {
  return lines(mirror);
}
