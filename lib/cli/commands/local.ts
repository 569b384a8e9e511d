import { Command } from 'commander';
import { flushStandardOutput } from '../../files/standard-output.ts';
import { InterruptedError } from '../cli-error.ts';
import { networks } from '../options/home.ts';
import { chosenSettings, type ModeOptions, withMode } from '../options/mode.ts';
import { simulationOption } from '../options/simulation.ts';
import { createProgress } from '../output/progress.ts';
import { stackVariables } from '../use/local/stack-variables.ts';

interface LocalOptions extends ModeOptions {
  readonly json?: true;
  readonly data?: string;
  readonly home?: readonly string[];
  readonly simulateProviders?: true;
}

const EXAMPLES = `
Examples:
  $ threat-consensus local --data state
  $ threat-consensus local > stack.env &    # then, elsewhere: source stack.env && threat-consensus push log.ndjson
`;

/** Runs the embedded stack by itself. */
export function localCommand(): Command {
  const command = new Command('local')
    .summary('run the embedded stack until interrupted')
    .description(
      'Starts queue, function, table and settings on this machine and prints the variables that lead clients to them.',
    )
    .option('--data <dir>', 'keep queues, table and settings in this folder from run to run')
    .option(
      '--home <cidr,...>',
      "the site's own public networks, for records that do not say what is local",
      networks,
    )
    .addOption(simulationOption())
    .option('--json', 'print the variables as one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(run);
  return withMode(command);
}

async function run(options: LocalOptions): Promise<void> {
  const settings = chosenSettings(options);
  const progress = createProgress(options.json === true);
  progress.step('starting');
  // Loaded here, since no other command needs emulators and a bundler.
  const { withLocalStack } = await import('../use/local/with-local-stack.ts');
  try {
    const homeNetworks = options.home ?? [];
    const simulateProviders = options.simulateProviders === true;
    await withLocalStack(
      { dataDir: options.data, homeNetworks, settings, simulateProviders },
      async (stack) => {
        progress.stop();
        const variables = stackVariables(stack);
        const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
        process.stdout.write(`${options.json ? JSON.stringify(variables) : lines.join('\n')}\n`);
        await flushStandardOutput();
        process.stderr.write('The stack runs until you press Ctrl-C.\n');
        return new Promise<never>(() => {});
      },
    );
  } catch (error) {
    // That is how it is meant to end.
    if (!(error instanceof InterruptedError)) throw error;
  } finally {
    progress.stop();
  }
}
