import { Command } from 'commander';
import { flushStandardOutput } from '../../files/standard-output.ts';
import type { LocalStack } from '../../local/stack.ts';
import { InterruptedError } from '../cli-error.ts';
import { dataOption } from '../options/data.ts';
import { homeOption } from '../options/home.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withMode } from '../options/mode.ts';
import { portOption } from '../options/port.ts';
import { simulationOption } from '../options/simulation.ts';
import { createProgress } from '../output/progress.ts';
import { noteAnnouncement, stackNotices } from '../output/stack-notices.ts';
import { variableLines } from '../output/variable-lines.ts';
import { noteRunningStack } from '../use/local/running-stack.ts';
import { type StackOptions, serviceOptions } from '../use/local/stack-options.ts';
import { stackVariables } from '../use/local/stack-variables.ts';

const EXAMPLES = `
Examples:
  $ threat-consensus local --data state
  $ threat-consensus local --port 4566      # then, elsewhere: threat-consensus push log.ndjson --local
  $ threat-consensus local > stack.env      # then, elsewhere, for other programs: source stack.env
`;

/** Runs the embedded stack on its own. */
export function localCommand(): Command {
  const command = new Command('local')
    .summary('run the embedded stack until interrupted')
    .description(
      'Starts queue, function, table and settings on this machine, and prints the variables that point clients to them.',
    )
    .addOption(dataOption())
    .addOption(portOption())
    .addOption(homeOption())
    .addOption(simulationOption())
    .addOption(jsonOption('print the variables as one JSON object'))
    .addHelpText('after', EXAMPLES)
    .action(run);
  return withMode(command);
}

async function run(options: StackOptions & JsonOptions): Promise<void> {
  const service = serviceOptions(options);
  const progress = createProgress(options.json === true);
  progress.step('starting');
  // Loaded here, since no other command needs emulators and a bundler.
  let forget = () => {};
  const { withLocalStack } = await import('../use/local/with-local-stack.ts');
  try {
    await withLocalStack(service, { ...stackNotices(progress), onEvent: noteAnnouncement }, async (stack) => {
      progress.stop();
      forget = noteRunningStack(stackVariables(stack));
      await printVariables(stack, options.json === true);
      process.stderr.write('The stack runs until you press Ctrl-C.\n');
      return new Promise<never>(() => {});
    });
  } catch (error) {
    // This is the normal way to end it.
    if (!(error instanceof InterruptedError)) throw error;
  } finally {
    forget();
    progress.stop();
  }
}

async function printVariables(stack: LocalStack, isJson: boolean): Promise<void> {
  const variables = stackVariables(stack);
  process.stdout.write(`${isJson ? JSON.stringify(variables) : variableLines(variables).join('\n')}\n`);
  await flushStandardOutput();
}
