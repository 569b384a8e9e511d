/** A command as its users see it; what is hidden from the help is not in it. */
export interface CommandDescription {
  /** The words that call it, without the program's name: `intel import`. Empty for the program itself. */
  readonly path: string;
  /** How it is called: `threat-consensus intel import [options] <file>`. */
  readonly usage: string;
  /** What it does, in a few words: `remove a list`. */
  readonly summary: string;
  /** What it does, in sentences. */
  readonly description: string;
  readonly arguments: readonly ArgumentDescription[];
  readonly options: readonly OptionDescription[];
  /** What its help says after the options: examples first. Empty where there is nothing. */
  readonly furtherHelp: string;
  readonly commands: readonly CommandDescription[];
}

export interface ArgumentDescription {
  readonly name: string;
  /** With choices and default. */
  readonly description: string;
  /** Empty where any value may be given. */
  readonly choices: readonly string[];
}

export interface OptionDescription {
  /** With the value that it takes: `-h, --help`, `--since <when>`. */
  readonly flags: string;
  /** What can be typed: `-h`, `--help`. */
  readonly names: readonly string[];
  /** With choices and default. */
  readonly description: string;
  /** Whether a value has to follow. */
  readonly takesValue: boolean;
  /** Empty where any value may be given. */
  readonly choices: readonly string[];
}

/** @returns the command and all that it holds, itself first */
export function withSubcommands(command: CommandDescription): CommandDescription[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
