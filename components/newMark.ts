/** A mark (render/perimeter/marks.ts) that no step has left yet. */
export function newMark(): string {
  return Math.floor(Date.now() / 1000).toString(36);
}
