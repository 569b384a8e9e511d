import type { Command } from 'commander';
import type { CommandDescription } from './results/command-description.ts';

/**
 * Describes a command and those inside it, as its help does.
 *
 * @param above the words that call the command that holds it
 */
export function describeCommand(command: Command, above: readonly string[] = []): CommandDescription {
  const help = command.createHelp();
  const path = command.parent === null ? [] : [...above, command.name()];
  return {
    path: path.join(' '),
    usage: help.commandUsage(command),
    summary: help.subcommandDescription(command),
    description: help.commandDescription(command),
    arguments: help.visibleArguments(command).map((argument) => ({
      name: argument.name(),
      description: help.argumentDescription(argument),
      choices: argument.argChoices ?? [],
    })),
    options: help.visibleOptions(command).map((option) => ({
      flags: option.flags,
      names: [option.short, option.long].filter((name) => name !== undefined),
      description: help.optionDescription(option),
      takesValue: option.required,
      choices: option.argChoices ?? [],
    })),
    furtherHelp: furtherHelpOf(command),
    // `help` is a command that nobody declared, and says what --help does.
    commands: help
      .visibleCommands(command)
      .filter((inner) => command.commands.includes(inner))
      .map((inner) => describeCommand(inner, path)),
  };
}

/** What was added to the help by `addHelpText`, which shows nowhere but in the whole of it. */
function furtherHelpOf(command: Command): string {
  let text = '';
  const { writeOut = () => {} } = command.configureOutput();
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  command.configureOutput({ writeOut });
  return text.slice(command.helpInformation().length).trim();
}
