import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Declaration } from "./commandLine/declaration";
import type { Run } from "./commandLine/implement";

const COMMANDS = join(__dirname, "commands");
const HANDLERS = join(__dirname, "handlers");

/** A command is the file of its name in both folders; only what is asked for gets loaded. */
export function commandNames(): string[] {
  return readdirSync(COMMANDS)
    .filter((file) => /^[a-z][a-z-]*\.ts$/.test(file))
    .map((file) => file.replace(/\.ts$/, ""))
    .sort();
}

export async function loadDeclaration(name: string): Promise<Declaration> {
  return ((await import(join(COMMANDS, name))) as { command: Declaration }).command;
}

export async function loadRun(name: string): Promise<Run> {
  return ((await import(join(HANDLERS, name))) as { run: Run }).run;
}

export function allDeclarations(): Promise<Declaration[]> {
  return Promise.all(commandNames().map(loadDeclaration));
}
