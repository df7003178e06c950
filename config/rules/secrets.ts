import { pskProblem } from "../psk";
import { finding, type Rule } from "./rule";

// Neither the value nor the key's name is shown: a secret may stand where the name belongs.
export const usableSecret: Rule = {
  code: "GW060",
  reason: "both daemons and their files cut or misread other characters without a word",
  check: ({ tunnels, secrets }) =>
    tunnels.flatMap(({ path, tunnel: { psk } }) => {
      if (psk === undefined) return [];
      const secret = secrets.get(psk);
      if (secret === undefined) {
        return [
          finding(
            `${path}.psk`,
            "names a config key that is not set",
            "set it with: pulumi config set --secret NAME",
          ),
        ];
      }
      const problem = pskProblem(secret);
      if (problem === undefined) return [];
      return [
        finding(
          `${path}.psk`,
          `the key it names ${problem}`,
          "use 20 to 200 characters of A-Z a-z 0-9 . _ ~ + - that do not start with 0x",
        ),
      ];
    }),
};
