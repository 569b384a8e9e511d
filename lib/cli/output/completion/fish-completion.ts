import { type Completions, type OptionCompletions, quoted } from './completions.ts';

/** A script for `fish`, 3.0 and newer. */
export function fishCompletion(completions: readonly Completions[]): string[] {
  const valued = completions.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .flatMap(({ names }) => names.map((name) => `${path} ${name}`)),
  );
  const inner = completions.flatMap(({ path, commands }) => commands.map(({ name }) => `${path} ${name}`));
  return [
    '# fish completion for threat-consensus',
    'function __threat_consensus_at --description "Whether the words so far call this command"',
    '  set -l at ""',
    '  set -l is_value 0',
    '  set -l words (commandline -opc)',
    '  for word in $words[2..-1]',
    '    if test $is_value = 1; set is_value 0; continue; end',
    '    switch "$at $word"',
    `      case ${valued.map(fishQuoted).join(' ')}`,
    '        set is_value 1',
    `      case ${inner.map(fishQuoted).join(' ')}`,
    '        set at (string trim -- "$at $word")',
    '    end',
    '  end',
    '  test "$at" = "$argv[1]"',
    'end',
    ...completions.flatMap(({ path, commands, choices, options }) => {
      const here = `complete -c threat-consensus -n ${fishQuoted(`__threat_consensus_at ${fishQuoted(path)}`)}`;
      return [
        ...commands.map(({ name, meaning }) => `${here} -f -a ${fishQuoted(name)} -d ${fishQuoted(meaning)}`),
        ...choices.map((choice) => `${here} -f -a ${fishQuoted(choice)}`),
        ...options.map((option) => `${here} ${optionArguments(option)}`),
      ];
    }),
  ];
}

function optionArguments({ names, meaning, takesValue, choices }: OptionCompletions): string {
  const flags = names.map((name) =>
    name.startsWith('--') ? `-l ${quoted(name.slice(2))}` : `-s ${quoted(name.slice(1))}`,
  );
  const value = choices.length > 0 ? `-x -a ${fishQuoted(choices.join(' '))}` : '-r';
  return [...flags, ...(takesValue ? [value] : []), '-d', fishQuoted(meaning)].join(' ');
}

/** Between its single quotes, `fish` reads a backslash before a quote or a backslash as that. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
