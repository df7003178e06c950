import type { Io } from "./command";

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
      err("\r\x1b[K");
    };
  }, PATIENCE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    takeBack();
  }
}
