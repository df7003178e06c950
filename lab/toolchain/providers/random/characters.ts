// Random text with a least number of characters of each class, every text as likely as any other of its kind.
import { randomInt } from "node:crypto";

export interface CharacterClass {
  name: string;
  characters: string;
  /** At least this many characters come from this class, also when the class is not otherwise used. */
  minimum: number;
  /** Whether the rest of the text may use the class too. */
  used: boolean;
}

/**
 * Draws a text: first the demanded characters of every class, then the rest from all used classes together, then
 * shuffled, so that a place says nothing about its class (Terraform's random_password does the same).
 *
 * @throws if no class is used although characters are left to draw
 */
export function randomText(length: number, classes: readonly CharacterClass[]): string {
  const demanded = classes.flatMap(({ characters, minimum }) => draw(minimum, characters));
  const all = classes.flatMap(({ used, characters }) => (used ? [characters] : [])).join("");
  return shuffle([...demanded, ...draw(length - demanded.length, all)]).join("");
}

function draw(count: number, characters: string): string[] {
  if (count > 0 && characters === "") throw new Error("no character class is left to draw from");
  return Array.from({ length: Math.max(count, 0) }, () =>
    characters.charAt(randomInt(characters.length)),
  );
}

/** Takes one item after the other out at random: every order is as likely as any other. */
function shuffle(items: readonly string[]): string[] {
  const left = [...items];
  return items.flatMap(() => left.splice(randomInt(left.length), 1));
}
