/**
 * A frame as Pulumi's source maps name it, `node_modules/@pulumi/resource.ts`, at the place where the
 * file is. Without a folder behind the scope, Node's coloured util.inspect does not end before it has
 * filled the memory (nodejs/node issue 64011), and Pulumi asks it about every error: a refused value took a
 * minute and 3 GiB.
 */
export function withPackage(trace: string): string {
  return trace.replace(/(node_modules[/\\]@pulumi[/\\])(?=[^/\\]*$)/gm, "$1pulumi/");
}
