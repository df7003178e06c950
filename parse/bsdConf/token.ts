/** Where a statement stands. */
export interface Place {
  /** The file as it was named: by the caller, or by the `include` that led there. */
  readonly file: string;
  /** First line of the statement, from 1. */
  readonly line: number;
}

/** A line that was not taken over into the result. Never shows a value: it may be a key. */
export interface NotUnderstood extends Place {
  readonly reason: string;
}

/**
 * `word`: unquoted, a keyword if the grammar knows it. `quoted`: never a keyword. `number`: digits,
 * not text, which is why a key of digits has to be quoted. `mark`: one character of punctuation.
 */
export interface Token {
  readonly kind: "word" | "quoted" | "number" | "mark";
  readonly text: string;
}
