import { labOk, verify } from "./lab";
import { saveStack } from "./stackFile";

export const upOk = () => labOk("pulumi", "up", "--yes", "--skip-preview");

/**
 * For a file whose tests edit the stack: the lab runs before them, and after them has the values of
 * before, applied and proven.
 *
 * @param also what else is to be as before, ahead of that
 * @returns puts the values back, without applying them
 */
export function ownStack(also?: () => Promise<unknown>): () => void {
  let restore = (): void => undefined;
  beforeAll(async () => {
    await labOk("up");
    restore = saveStack();
  });
  afterAll(async () => {
    restore();
    await also?.();
    await upOk();
    expect((await verify()).code).toBe(0);
  });
  return () => {
    restore();
  };
}
