import { type Completions, casesOf } from './completions.ts';

/**
 * Body of a loop over the words before the one that is completed, for `bash` and `zsh`: `at` becomes the words of the
 * command, and what an option takes as its value is passed over.
 */
export function walkLines(completions: readonly Completions[]): string[] {
  const valued = completions.flatMap(({ path, options }) =>
    options.filter(({ takesValue }) => takesValue).map(({ names }) => casesOf(path, names)),
  );
  const inner = completions.flatMap(({ path, commands }) =>
    commands.map(({ name }) => casesOf(path, [name])),
  );
  return [
    `    if [[ -n $isValue ]]; then isValue=; continue; fi`,
    `    case "$at $word" in`,
    `      ${valued.join('|')}) isValue=1 ;;`,
    `      ${inner.join('|')}) at="\${at:+$at }$word" ;;`,
    `    esac`,
  ];
}
