/**
 * A frame as Pulumi's source maps name it, `node_modules/@pulumi/resource.ts`, at the place where the
 * file is. Without a folder behind the scope, Node's coloured util.inspect does not end before it has
 * filled the memory (nodejs/node issue 64011), and Pulumi asks it about every error: a refused value took a
 * minute and 3 GiB.
 */
export function withPackage(trace: string): string {
  return trace.replace(/(node_modules[/\\]@pulumi[/\\])(?=[^/\\]*$)/gm, "$1pulumi/");
}

/**
 * Pulumi takes a stack trace of each promise, and a resource has dozens: a fifth of what the program costs
 * with many tunnels, for traces that only PULUMI_DEBUG_PROMISE_LEAKS prints.
 */
export function withoutTraces<Made>(make: () => Made): Made {
  const limit = Error.stackTraceLimit;
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS === undefined) Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
