import type { Words } from "./words";

/** A completion for bash, of `gateway` by whatever path it is called. */
export function bashCompletion(commands: readonly Words[]): string {
  const names = commands.flatMap(({ name, hidden }) => (hidden ? [] : [name])).join(" ");
  return `# bash completion of ./scripts/gateway: source <(./scripts/gateway completion bash)
_gateway() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${names} --help"
  else
    case \${COMP_WORDS[1]}:$before in
${commands.flatMap(valueCases).join("\n")}
    esac
    case \${COMP_WORDS[1]} in
${commands.map(commandCase).join("\n")}
    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _gateway gateway
`;
}

function valueCases({ name, choices, paths }: Words): string[] {
  return [
    ...Object.entries(choices).map(
      ([option, values]) =>
        `      ${name}:${option}) mapfile -t COMPREPLY < <(compgen -W "${values.join(" ")}" -- "$word"); return ;;`,
    ),
    ...paths.map((option) => `      ${name}:${option}) return ;;`),
  ];
}

function commandCase({ name, first, options }: Words): string {
  const begin =
    first.length === 0 ? "" : `[ "$COMP_CWORD" -gt 2 ] || words="${first.join(" ")} "; `;
  return `      ${name}) ${begin}words+="${options.join(" ")}" ;;`;
}
