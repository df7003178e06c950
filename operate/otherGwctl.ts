/** @param problem sections that are missing or unknown, in words */
export function otherGwctl(command: "live" | "drift", problem: string): string {
  return `gwctl ${command}: ${problem}: the gateway has another gwctl than this program: pulumi up`;
}
