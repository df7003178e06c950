// What a command printed: kept for the state, shown while it runs, and told when it fails.
import { StringDecoder } from "node:string_decoder";
import type { Context } from "../core/resourceType";

type Stream = "stdout" | "stderr";

/** Which streams the user sees, by the value of the input `logging`; absent means both. */
const shown: Readonly<Record<string, readonly Stream[]>> = {
  none: [],
  stdout: ["stdout"],
  stderr: ["stderr"],
  stdoutAndStderr: ["stdout", "stderr"],
};

/** The values `logging` may have. */
export const loggingValues = Object.keys(shown);

/** Collects both streams of one command. */
export class Output {
  private readonly texts = { stdout: "", stderr: "" };
  private readonly decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };
  private readonly started = { stdout: "", stderr: "" };
  private both = "";
  private readonly shown: readonly Stream[];

  constructor(
    logging: unknown,
    private readonly context: Context,
  ) {
    this.shown = shown[typeof logging === "string" ? logging : "stdoutAndStderr"] ?? [];
  }

  add(stream: Stream, chunk: Buffer): void {
    const text = this.decoders[stream].write(chunk);
    this.texts[stream] += text;
    this.both += text;
    if (!this.shown.includes(stream)) return;
    const lines = (this.started[stream] + text).split("\n");
    this.started[stream] = lines.pop() ?? "";
    for (const line of lines) this.context.log(line);
  }

  /** Shows the last, unfinished line. Nothing may be added afterwards. */
  end(): void {
    for (const stream of this.shown) {
      if (this.started[stream] !== "") this.context.log(this.started[stream]);
    }
  }

  /** The outputs of the resource: one trailing newline is cut, as in the real plugin. */
  outputs(): { stdout: string; stderr: string } {
    const cut = (text: string) => (text.endsWith("\n") ? text.slice(0, -1) : text);
    return { stdout: cut(this.texts.stdout), stderr: cut(this.texts.stderr) };
  }

  /** The real plugin's error: how it ended, the command's text, and everything it printed. */
  failure(how: string, command: string): Error {
    return new Error(`${how}: running ${JSON.stringify(command)}:\n${this.both}`);
  }
}
