import { type Completions, casesOf, quoted } from './completions.ts';
import { walkLines } from './walk.ts';

/** A script for `zsh`, to be sourced after `compinit`, or a file `_threat-consensus` in its `fpath`. */
export function zshCompletion(completions: readonly Completions[]): string[] {
  const values = completions.flatMap(({ path, options }) =>
    options.flatMap(({ names, takesValue, choices }) =>
      takesValue ? `    ${casesOf(path, names)}) ${valueAction(choices)}; return ;;` : [],
    ),
  );
  const candidates = completions.map(({ path, commands, choices, options }) => {
    const words = [
      ...commands.map(({ name, meaning }) => described(name, meaning)),
      ...choices.map((choice) => described(choice, '')),
    ];
    const flags = options.flatMap(({ names, meaning }) => names.map((name) => described(name, meaning)));
    return `    ${quoted(path)}) words_here=(${words.join(' ')}); flags_here=(${flags.join(' ')}) ;;`;
  });
  return [
    '#compdef threat-consensus',
    '_threat_consensus() {',
    '  local at= isValue= word',
    '  local -a words_here flags_here',
    '  for word in $words[2,CURRENT-1]; do',
    ...walkLines(completions),
    '  done',
    '  case "$at $words[CURRENT-1]" in',
    ...values,
    '  esac',
    '  case "$at" in',
    ...candidates,
    '  esac',
    '  if [[ $PREFIX == -* ]]; then',
    '    _describe -o option flags_here',
    '  elif (( $#words_here )); then',
    '    _describe word words_here || _files',
    '  else',
    '    _files',
    '  fi',
    '}',
    '# It is either sourced, or loaded by a first completion, which is to be done at once.',
    'if [[ $funcstack[1] == _threat-consensus ]]; then _threat_consensus; else compdef _threat_consensus threat-consensus; fi',
  ];
}

function valueAction(choices: readonly string[]): string {
  return choices.length === 0 ? '_files' : `compadd -- ${choices.map(quoted).join(' ')}`;
}

/** A candidate as `_describe` reads it. */
function described(name: string, meaning: string): string {
  const escaped = name.replaceAll(':', '\\:');
  return quoted(meaning === '' ? escaped : `${escaped}:${meaning}`);
}
