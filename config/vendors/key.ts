import type { KeyForm } from "./device";

/** Keys of any characters up to a length that no generated key reaches. */
export function upTo(characters: number): KeyForm {
  return {
    form: new RegExp(`^.{1,${characters}}$`),
    says: `at most ${characters} characters`,
    prefix: "",
  };
}
