import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

// The arrows of docs/design: index → components → render → config; operate → parse, render, config.
const only = (files, ...groups) => ({
  files,
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: groups.map(([group, message]) => ({ group, message })) },
    ],
  },
});
const noLab = [["**/lab/**", "**/test/**"], "product code never depends on the lab or the tests"];
const noPulumi = [["@pulumi/*"], "only components/ and index.ts know Pulumi"];
const noTop = [
  ["**/components/**", "**/operate/**", "**/index", "**/index.js"],
  "nothing imports index, components or operate",
];
const pure = [
  ["node:fs", "node:fs/*", "node:net", "node:child_process"],
  "render, parse and config are pure: values in, values out",
];

export default tseslint.config(
  {
    ignores: [
      "sdks/",
      "node_modules/",
      ".toolchain/",
      ".lab/",
      "coverage/",
      "**/*.cjs",
      "**/*.mjs",
    ],
  },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
    },
  },
  only(["index.ts"], noLab),
  only(["components/**/*.ts"], noLab, [
    ["**/operate/**", "**/index"],
    "components import render and config",
  ]),
  only(["config/**/*.ts"], noLab, noPulumi, noTop, pure, [
    ["**/render/**", "**/parse/**"],
    "config is the lowest layer",
  ]),
  only(["render/**/*.ts"], noLab, noPulumi, noTop, pure),
  only(["parse/**/*.ts"], noLab, noPulumi, noTop, pure),
  only(["operate/**/*.ts"], noLab, noPulumi, [
    ["**/components/**", "**/index"],
    "operate stands alone",
  ]),
  { files: ["test/**/*.ts", "lab/**/*.ts", "operate/**/*.ts"], rules: { "no-console": "off" } },
);
