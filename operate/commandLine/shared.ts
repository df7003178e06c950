import { flag, valued } from "./declaration";
import { text } from "./values";

const stackName = text("NAME");

export const stack = valued(stackName, "the stack (default: the selected one)");

/** Of a command that changes so much that it takes no stack by itself. */
export const requiredStack = valued(stackName, "the stack", { required: true });

/** @param documents what it prints, by their names in docs/schema */
export const json = (...documents: readonly [string, ...string[]]) =>
  flag(
    `print one JSON document (${documents.map((name) => `docs/schema/${name}.json`).join(", ")})`,
  );

const tunnelName = text("NAME");

export const tunnel = valued(tunnelName, "the tunnel", { required: true });

export const optionalTunnel = valued(tunnelName, "the tunnel (default: all of them)");
