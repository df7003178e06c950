import type { KeyForm } from "./device";

/** Keys of any characters but a question mark, which asks the device's command line for help. */
export function upTo(characters: number): KeyForm {
  return {
    form: new RegExp(`^[^?]{1,${characters}}$`),
    says: `at most ${characters} characters, without ?`,
    prefix: "",
  };
}

/** Keys that are written without quotes, and never as bytes in hexadecimal. */
export function bareUpTo(characters: number): KeyForm {
  return {
    form: new RegExp(`^(?!0x)[^? "']{1,${characters}}$`),
    says: `at most ${characters} characters, without ?, quotes and spaces, and no hexadecimal`,
    prefix: "",
  };
}
