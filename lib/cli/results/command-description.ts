/** A command as users see it, without anything hidden from the help. */
export interface CommandDescription {
  /** The command's words without the program's name: `intel import`. Empty for the program itself. */
  readonly path: string;
  /** Usage line: `threat-consensus intel import [options] <file>`. */
  readonly usage: string;
  /** In a few words: `remove a list`. */
  readonly summary: string;
  /** In full sentences. */
  readonly description: string;
  readonly arguments: readonly ArgumentDescription[];
  readonly options: readonly OptionDescription[];
  /** Help text after the options, examples first; empty if there is none. */
  readonly furtherHelp: string;
  readonly commands: readonly CommandDescription[];
}

export interface ArgumentDescription {
  readonly name: string;
  /** Including choices and default. */
  readonly description: string;
  /** Empty if any value is accepted. */
  readonly choices: readonly string[];
}

export interface OptionDescription {
  /** Including its value: `-h, --help`, `--since <when>`. */
  readonly flags: string;
  /** The spellings: `-h`, `--help`. */
  readonly names: readonly string[];
  /** Including choices and default. */
  readonly description: string;
  /** Whether a value is required. */
  readonly takesValue: boolean;
  /** Empty if any value is accepted. */
  readonly choices: readonly string[];
}

/** @returns the command followed by all its subcommands */
export function withSubcommands(command: CommandDescription): CommandDescription[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
