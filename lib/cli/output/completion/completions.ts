import { type CommandDescription, withSubcommands } from '../../results/command-description.ts';

/** What can be typed after a command. */
export interface Completions {
  /** The words of the command, without the program's name; empty for the program itself. */
  readonly path: string;
  readonly commands: readonly Candidate[];
  /** Values of its arguments that are a choice. */
  readonly choices: readonly string[];
  readonly options: readonly OptionCompletions[];
}

export interface Candidate {
  readonly name: string;
  readonly meaning: string;
}

export interface OptionCompletions {
  readonly names: readonly string[];
  readonly meaning: string;
  readonly takesValue: boolean;
  /** Empty where any value may be given, as a file. */
  readonly choices: readonly string[];
}

/** Lists what can be typed after each command, the program itself first. */
export function completionsOf(program: CommandDescription): Completions[] {
  return withSubcommands(program).map(({ path, commands, options, arguments: expected }) => ({
    path,
    commands: commands.map((inner) => ({ name: inner.path.split(' ').at(-1) ?? '', meaning: inner.summary })),
    choices: expected.flatMap(({ choices }) => choices),
    options: options.map(({ names, description, takesValue, choices }) => ({
      names,
      meaning: description,
      takesValue,
      choices,
    })),
  }));
}

/** A text as a shell reads it back. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Patterns of a `case`, for a command's words followed by each of the names. */
export function casesOf(path: string, names: readonly string[]): string {
  return names.map((name) => quoted(`${path} ${name}`)).join('|');
}
