import { LINE_AGAIN } from "../terminal";
import type { Clock } from "./clock";

/** Shows what goes on to an operator who waits. */
export interface Progress {
  readonly begin: (step: string, seconds: number) => void;
  /** The console said something; `lastLine` is asked for only when it is shown. */
  readonly heard: (lastLine: () => string) => void;
  readonly finish: () => void;
}

export interface ProgressOptions {
  readonly clock: Clock;
  readonly write: (text: string) => void;
  /** Columns of the terminal behind `write`; undefined when there is none. */
  readonly columns: number | undefined;
}

const TICK_MILLISECONDS = 1000;

/**
 * On a terminal one line that is written over: the step, its age, and the console's last line, cut
 * to the width. Elsewhere (a log, Pulumi) one line per step when it begins.
 */
export function showProgress(options: ProgressOptions): Progress {
  return options.columns === undefined ? lineByLine(options) : live(options, options.columns);
}

function lineByLine({ write, clock }: ProgressOptions): Progress {
  const started = clock.now();
  return {
    begin: (step, seconds) => {
      const age = Math.round((clock.now() - started) / 1000);
      write(`console: ${step} (at ${age} s, may take ${seconds} s)\n`);
    },
    heard: () => undefined,
    finish: () => undefined,
  };
}

function live({ write, clock }: ProgressOptions, columns: number): Progress {
  let step: string | undefined;
  let started = 0;
  let last = (): string => "";
  let cancel = (): void => undefined;
  const draw = (): void => {
    const age = Math.round((clock.now() - started) / 1000);
    const line = `${step ?? ""}  ${age} s  ${printable(last())}`;
    // One column stays free: a full line would make the terminal go on to the next.
    write(LINE_AGAIN + line.slice(0, columns - 1));
  };
  const tick = (): void => {
    draw();
    cancel = clock.after(TICK_MILLISECONDS, tick);
  };
  const finish = (): void => {
    cancel();
    if (step === undefined) return;
    draw();
    write("\n");
    step = undefined;
  };
  return {
    begin: (name) => {
      finish();
      step = name;
      started = clock.now();
      last = () => "";
      tick();
    },
    heard: (lastLine) => {
      last = lastLine;
    },
    finish,
  };
}

function printable(line: string): string {
  return line.replace(/[^ -~]/g, " ");
}
