import type { Words } from "./words";

/** A completion for zsh, of `gateway` by whatever path it is called. */
export function zshCompletion(commands: readonly Words[]): string {
  const names = commands.flatMap(({ name, summary, hidden }) =>
    hidden ? [] : [`    ${quoted(`${name}:${summary}`)}`],
  );
  return `#compdef gateway
# zsh completion of ./scripts/gateway: source <(./scripts/gateway completion zsh)
_gateway() {
  local before=$words[CURRENT-1]
  local -a commands
  commands=(
${names.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2]:$before in
${commands.flatMap(valueCases).join("\n")}
  esac
  case $words[2] in
${commands.map(commandCase).join("\n")}
  esac
  _files
}
compdef _gateway gateway
`;
}

function valueCases({ name, choices, paths }: Words): string[] {
  return [
    ...Object.entries(choices).map(
      ([option, values]) => `    ${name}:${option}) compadd -- ${values.join(" ")}; return ;;`,
    ),
    ...paths.map((option) => `    ${name}:${option}) _files; return ;;`),
  ];
}

function commandCase({ name, first, options }: Words): string {
  const begin = first.length === 0 ? "" : `(( CURRENT > 3 )) || compadd -- ${first.join(" ")}; `;
  return `    ${name}) ${begin}compadd -- ${options.join(" ")} ;;`;
}

/** In single quotes; a colon in a summary would end the name there. */
function quoted(text: string): string {
  const [name = "", ...rest] = text.split(":");
  return `'${name}:${rest.join(" ").replaceAll("'", "’")}'`;
}
