import { type Completions, casesOf, quoted } from './completions.ts';
import { walkLines } from './walk.ts';

/** A script for `bash`, 3.2 and newer, which is what macOS brings along. */
export function bashCompletion(completions: readonly Completions[]): string[] {
  const values = completions.flatMap(({ path, options }) =>
    options.flatMap(({ names, takesValue, choices }) =>
      takesValue ? `    ${casesOf(path, names)}) words=${quoted(choices.join(' '))}; isValue=1 ;;` : [],
    ),
  );
  const candidates = completions.map(({ path, commands, choices, options }) => {
    const names = [...commands.map(({ name }) => name), ...choices];
    const flags = options.flatMap((option) => option.names);
    return `    ${quoted(path)}) words=${quoted(names.join(' '))}; flags=${quoted(flags.join(' '))} ;;`;
  });
  return [
    '# bash completion for threat-consensus',
    '_threat_consensus() {',
    `  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at= isValue= word words= flags= i`,
    '  # "--option=value" comes as three words.',
    '  if [[ $cur == = ]]; then cur=',
    `  elif [[ $prev == = ]] && ((COMP_CWORD > 1)); then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi`,
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    `    word="\${COMP_WORDS[i]}"`,
    '    if [[ $word == = ]]; then continue; fi',
    ...walkLines(completions),
    '  done',
    '  isValue=',
    '  case "$at $prev" in',
    ...values,
    '  esac',
    '  if [[ -z $isValue ]]; then',
    '    case "$at" in',
    ...candidates.map((line) => `  ${line}`),
    '    esac',
    '    if [[ $cur == -* ]]; then words="$flags"; fi',
    '  fi',
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '}',
    '# Where nothing fits, files do.',
    'complete -o bashdefault -o default -F _threat_consensus threat-consensus',
  ];
}
