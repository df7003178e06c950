import { closest } from "../../../config/closest";

const KEYS = ["address", "gateway", "dns", "publicAddress", "behindNat"];

it.each([
  ["adress", "address"],
  ["addres", "address"],
  ["getaway", "gateway"],
  ["publicaddress", "publicAddress"],
  ["dsn", "dns"],
])("%s means %s", (word, meant) => {
  expect(closest(word, KEYS)).toBe(meant);
});

it.each(["colour", "x", ""])("%p means none of them", (word) => {
  expect(closest(word, KEYS)).toBeUndefined();
});
