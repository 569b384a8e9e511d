import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { flushStandardOutput, watchStandardOutput } from '../files/standard-output.ts';
import { InterruptedError } from './cli-error.ts';
import { describeCommand } from './describe-command.ts';
import { reportError } from './report-error.ts';
import type { CommandDescription } from './results/command-description.ts';

const EXAMPLES = `
Examples:
  $ threat-consensus run                                   score the sample on an embedded stack
  $ threat-consensus local > stack.env                     run the embedded stack until interrupted
  $ threat-consensus push connections.ndjson               send records to the work queue
  $ threat-consensus put conn.log.gz                       put a log file into the bucket that is read
  $ threat-consensus ingest list                           what became of log files in the bucket
  $ threat-consensus score connections.ndjson              score records without queue or table
  $ threat-consensus assessments 203.0.113.201             what is known about an address
  $ threat-consensus attention --since 24h                 what a human should look at
  $ threat-consensus watch --env prod                      follow what a human should look at
  $ threat-consensus report --html today.html              a day or a week on one page
  $ threat-consensus hosts --since 24h                     which of your own hosts need a look
  $ threat-consensus stats --since 24h                     totals, rates, scorers, latency
  $ threat-consensus label 203.0.113.201 malicious         record what it turned out to be
  $ threat-consensus labels --since 7d                     what was labelled
  $ threat-consensus export --output legacy.sqlite         data for other programs
  $ threat-consensus compare --since 24h                   is the consensus score ready to be used?
  $ threat-consensus cutover                               whose score is used, and how to change it
  $ threat-consensus replay --since 7d --settings FILE     what other settings would change
  $ threat-consensus rejected list                         invalid records and why
  $ threat-consensus dlq redrive                           send failed messages back
  $ threat-consensus rollback-failures list                events that the rollback failed on
  $ threat-consensus intel import list.txt --name NAME     load a list of addresses
  $ threat-consensus intel remove NAME                     remove a list
  $ threat-consensus allow add 203.0.113.7 --reason TEXT   leave an address out of attention
  $ threat-consensus forget 203.0.113.201 --dry-run        erase what is stored of an address
  $ threat-consensus keys set virustotal --env prod        store a provider's key, encrypted
  $ threat-consensus keys test virustotal                  does a key work?
  $ threat-consensus doctor --env prod                     check that a deployment works
  $ threat-consensus scale --rate 10000                    what a rate of records asks for
  $ threat-consensus completion bash                       completion for your shell
`;

/** The commands by name, in the order of the help. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.ts')).runCommand(),
  local: async () => (await import('./commands/local.ts')).localCommand(),
  push: async () => (await import('./commands/push.ts')).pushCommand(),
  put: async () => (await import('./commands/put.ts')).putCommand(),
  ingest: async () => (await import('./commands/ingest.ts')).ingestCommand(),
  score: async () => (await import('./commands/score.ts')).scoreCommand(),
  assessments: async () => (await import('./commands/assessments.ts')).assessmentsCommand(),
  attention: async () => (await import('./commands/attention.ts')).attentionCommand(),
  watch: async () => (await import('./commands/watch.ts')).watchCommand(),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  hosts: async () => (await import('./commands/hosts.ts')).hostsCommand(),
  stats: async () => (await import('./commands/stats.ts')).statsCommand(),
  label: async () => (await import('./commands/label.ts')).labelCommand(),
  labels: async () => (await import('./commands/labels.ts')).labelsCommand(),
  export: async () => (await import('./commands/export.ts')).exportCommand(),
  compare: async () => (await import('./commands/compare.ts')).compareCommand(),
  cutover: async () => (await import('./commands/cutover.ts')).cutoverCommand(),
  replay: async () => (await import('./commands/replay.ts')).replayCommand(),
  rejected: async () => (await import('./commands/queues.ts')).rejectedCommand(),
  dlq: async () => (await import('./commands/queues.ts')).deadLetterCommand(),
  'rollback-failures': async () => (await import('./commands/queues.ts')).rollbackFailuresCommand(),
  allow: async () => (await import('./commands/allow.ts')).allowCommand(),
  intel: async () => (await import('./commands/intel.ts')).intelCommand(),
  forget: async () => (await import('./commands/forget.ts')).forgetCommand(),
  keys: async () => (await import('./commands/keys.ts')).keysCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  scale: async () => (await import('./commands/scale.ts')).scaleCommand(),
  completion: async () => (await import('./commands/completion.ts')).completionCommand(describeProgram),
};

/** Runs the command line as the whole of this process. */
export async function runProcess(): Promise<void> {
  watchStandardOutput();
  // What an emulator throws while nobody awaits it is reported in one line too.
  process.on('uncaughtException', (error) => process.exit(reportError(error)));
  const exitCode = await runProgram(process.argv.slice(2));
  if (exitCode !== 0) process.exitCode = exitCode;
}

/**
 * Runs one command.
 *
 * @returns its exit code; 0 also if the command has set the exit code of the process itself
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  const program = await programFor(args[0]);
  return (await codeOf(program.parseAsync(args, { from: 'user' }))) || (await codeOf(flushStandardOutput()));
}

async function programFor(commandName: string | undefined): Promise<Command> {
  const program = new Command('threat-consensus')
    .description('Scores network connections by the consensus of three scorers.')
    .version(packageJson.version)
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .hook('preAction', (_, command) => leadToLocalStack(command.opts()));
  for (const command of await commandsFor(commandName)) program.addCommand(command);
  inheritSettings(program);
  return program;
}

/** Describes all commands, for those who type them and those who read about them. */
export async function describeProgram(): Promise<CommandDescription> {
  return describeCommand(await programFor(undefined));
}

/** Before a command with --local looks for what it works on. */
async function leadToLocalStack({ local }: { readonly local?: true }): Promise<void> {
  if (local !== true) return;
  const { useRunningStack } = await import('./use/local/running-stack.ts');
  await useRunningStack();
}

/** The exit code of a result; a failure is reported to the user. */
async function codeOf(ending: Promise<unknown>): Promise<number> {
  try {
    await ending;
    return 0;
  } catch (error) {
    const code = reportError(error);
    // What was interrupted may still be waiting for an answer from a stack that is gone.
    if (error instanceof InterruptedError) process.exit(code);
    return code;
  }
}

/**
 * Only the command of this call, since loading all of them takes longer than most commands run; all if it names none.
 */
export async function commandsFor(name = ''): Promise<Command[]> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return load ? [await load()] : await Promise.all(Object.values(COMMANDS).map((each) => each()));
}

/** Commands are built apart from the program, and do not inherit its exit handling. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inheritSettings(command);
  }
}
