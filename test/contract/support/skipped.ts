/** Part of a test's name, so that the reason for skipping it stands in every report. */
export function because(reason: string | undefined): string {
  return reason === undefined ? "" : ` (skipped: ${reason})`;
}
