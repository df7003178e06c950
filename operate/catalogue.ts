import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "./command";

const COMMANDS = join(__dirname, "commands");

/** A command is the file of its name; only the one that is called gets loaded. */
export function commandNames(): string[] {
  return readdirSync(COMMANDS)
    .filter((file) => /^[a-z][a-z-]*\.ts$/.test(file))
    .map((file) => file.replace(/\.ts$/, ""))
    .sort();
}

export async function loadCommand(name: string): Promise<Command> {
  return ((await import(join(COMMANDS, name))) as { command: Command }).command;
}

export function allCommands(): Promise<Command[]> {
  return Promise.all(commandNames().map(loadCommand));
}
