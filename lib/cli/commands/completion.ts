import { Argument, Command } from 'commander';
import { bashCompletion } from '../output/completion/bash-completion.ts';
import { type Completions, completionsOf } from '../output/completion/completions.ts';
import { fishCompletion } from '../output/completion/fish-completion.ts';
import { zshCompletion } from '../output/completion/zsh-completion.ts';
import { writeLines } from '../output/write-lines.ts';
import type { CommandDescription } from '../results/command-description.ts';

const EXAMPLES = `
Examples:
  $ source <(threat-consensus completion bash)             in ~/.bashrc
  $ source <(threat-consensus completion zsh)              in ~/.zshrc, after compinit
  $ threat-consensus completion fish > ~/.config/fish/completions/threat-consensus.fish
`;

const SCRIPTS = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
} as const satisfies Readonly<Record<string, (completions: readonly Completions[]) => readonly string[]>>;

/**
 * Prints what makes a shell complete commands.
 *
 * @param describeProgram describes the whole program, which this command is a part of
 */
export function completionCommand(describeProgram: () => Promise<CommandDescription>): Command {
  return new Command('completion')
    .summary('completion of commands, options and their values for your shell')
    .description(
      'Prints a script that makes a shell complete commands, options, and the values of those that have a choice. It ' +
        'fits the version that printed it.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: keyof typeof SCRIPTS) => {
      await writeLines(SCRIPTS[shell](completionsOf(await describeProgram())));
    });
}
