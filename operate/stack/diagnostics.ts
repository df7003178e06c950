/** What a failed update or preview always says of the stack as a whole. */
const OF_COURSE = /^(?:error: )?(?:update|preview|resource operation) failed$/;

/**
 * The reasons that a run of the engine gives for its failure: what stands under `Diagnostics:`, each
 * resource with what is wrong with it.
 *
 * @returns the last words of it all where nothing stands there
 */
export function diagnosticsOf(stdout: string, stderr: string): string {
  const found = stdout
    .split(/^Diagnostics:\n/m)
    .slice(1)
    .flatMap((part) => (part.split(/^(?=\S)/m)[0] ?? "").split(/^(?= {2}\S)/m))
    .flatMap(ofResource);
  if (found.length > 0) return found.join("\n");
  return (stderr.trim() || stdout.trim() || "no reason given").slice(-LONGEST);
}

const LONGEST = 4000;

/** `west: error: …` of one resource's lines; nothing of one that only warns. */
function ofResource(lines: string): string[] {
  const name = /^ {2}\S+ \((.*)\):$/m.exec(lines)?.[1];
  const said = lines
    .split("\n")
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !OF_COURSE.test(line));
  const first = said.findIndex((line) => line.startsWith("error:"));
  if (name === undefined || first < 0) return [];
  return [`${name}: ${said.slice(first).join("\n  ").slice(0, LONGEST)}`];
}
