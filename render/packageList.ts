import type { SystemConfig } from "../config/schema";
import { lines, MANAGED } from "./text";

/** Input of `gwctl packages`, one package a line. Never empty: what a broken connection cut off is. */
export function packageList({ packages }: SystemConfig): string {
  return lines(MANAGED, ...packages);
}
