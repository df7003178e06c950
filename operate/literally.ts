/** A text within a regular expression, where each of its characters stands for itself. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
