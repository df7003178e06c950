// One run of the stack's program: a node process with the SDK's own runner in it.
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";

/** The SDK's runner exits with this code when it has told the user about the error itself. */
const exitedAfterReporting = 32;

const running = new Set<ChildProcess>();

/** Ends every program that still runs; used when the user cancels or the engine is gone. */
export function cancelPrograms(): void {
  for (const child of running) child.kill("SIGTERM");
}

/**
 * Runs the program and waits for its end.
 *
 * @param engine gRPC address of the engine, host:port
 * @returns empty on success, `bail` when the user has already seen why it failed, else an error text
 */
export async function runProgram(request: RunRequest, engine: string): Promise<RunResponse> {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const runner = createRequire(join(directory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  const child = spawn(
    process.execPath,
    [...nodeArguments(request), runner, ...runnerArguments(request, engine)],
    {
      cwd: directory,
      env: programEnvironment(request),
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  running.add(child);
  try {
    return await outcome(child);
  } finally {
    running.delete(child);
  }
}

function outcome(child: ChildProcess): Promise<RunResponse> {
  return new Promise((resolve) => {
    const fail = (text: string) => {
      const response = new RunResponse();
      response.setError(text);
      resolve(response);
    };
    child.once("error", (error) => {
      fail(`cannot start node: ${error.message}`);
    });
    child.once("close", (code, signal) => {
      if (code === 0) resolve(new RunResponse());
      else if (code === exitedAfterReporting) {
        const response = new RunResponse();
        response.setBail(true);
        resolve(response);
      } else
        fail(
          signal ? `the program was ended by ${signal}` : `the program exited with ${String(code)}`,
        );
    });
  });
}

function runnerArguments(request: RunRequest, engine: string): string[] {
  const info = request.getInfo();
  const flags = [
    ["--monitor", request.getMonitorAddress()],
    ["--engine", engine],
    ["--organization", request.getOrganization()],
    ["--project", request.getProject()],
    ["--root-directory", info?.getRootDirectory() ?? ""],
    ["--stack", request.getStack()],
    ["--pwd", info?.getProgramDirectory() ?? request.getPwd()],
    ["--parallel", String(request.getParallel())],
    ["--query-mode", String(request.getQuerymode())],
  ] as const;
  return [
    ...flags.flatMap(([flag, value]) => (value === "" ? [] : [flag, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() ?? request.getProgram(),
    ...request.getArgsList(),
  ];
}

function programEnvironment(request: RunRequest): NodeJS.ProcessEnv {
  const typescript = option(request, "typescript");
  const tsconfig = option(request, "tsconfig");
  return {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: String(typescript !== false),
    ...(typeof tsconfig === "string" ? { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig } : {}),
  };
}

function nodeArguments(request: RunRequest): string[] {
  const value = option(request, "nodeargs");
  return typeof value === "string" ? value.split(/\s+/).filter((word) => word !== "") : [];
}

/** A value under runtime.options in Pulumi.yaml. */
function option(request: RunRequest, name: string): unknown {
  return request.getInfo()?.getOptions()?.toJavaScript()[name];
}
