import type { Io } from "./command";
import { LINE_AGAIN } from "./terminal";

const PATIENCE_MS = 2000;

/** Says on a terminal what is waited for, once it takes longer, and takes that back at the end. */
export async function patiently<Result>(
  { terminal, err }: Pick<Io, "terminal" | "err">,
  what: string,
  work: Promise<Result>,
): Promise<Result> {
  if (!terminal) return work;
  let takeBack = (): void => undefined;
  const timer = setTimeout(() => {
    err(`${what} …`);
    takeBack = () => {
      err(LINE_AGAIN);
    };
  }, PATIENCE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    takeBack();
  }
}

/** Says it at once, and to a pipe too: of a command that goes on showing, silence is taken for the answer. */
export async function announced<Result>(
  { terminal, err }: Pick<Io, "terminal" | "err">,
  what: string,
  work: Promise<Result>,
): Promise<Result> {
  err(terminal ? `${what} …` : `${what} …\n`);
  try {
    return await work;
  } finally {
    if (terminal) err(LINE_AGAIN);
  }
}
