/** One form of log line, as OpenBSD's source prints it. */
export interface LogForm {
  /** The message from its first character, without program and SPI. */
  readonly form: RegExp;
  /** File and function of the print statement. */
  readonly source: string;
  /** What the daemon says with it. */
  readonly means: string;
  /** A message of this form, as the daemon prints it. */
  readonly sample: string;
}

/** One expression for several forms. */
export function anyOf(...forms: readonly LogForm[]): RegExp {
  return new RegExp(forms.map(({ form }) => `(?:${form.source})`).join("|"));
}
