import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { assessmentsCommand } from './assessments/assessments-command.ts';
import { attentionCommand } from './assessments/attention-command.ts';
import { InterruptedError } from './cli-error.ts';
import { compareCommand } from './compare/compare-command.ts';
import { cutoverCommand } from './cutover/cutover-command.ts';
import { exportCommand } from './export/export-command.ts';
import { intelCommand } from './intel/intel-command.ts';
import { keysCommand } from './keys/keys-command.ts';
import { labelCommand } from './labels/label-command.ts';
import { labelsCommand } from './labels/labels-command.ts';
import { localCommand } from './local/local-command.ts';
import { pushCommand } from './push/push-command.ts';
import { deadLetterCommand, rejectedCommand } from './queues/queue-commands.ts';
import { replayCommand } from './replay/replay-command.ts';
import { reportError } from './report-error.ts';
import { runCommand } from './run/run-command.ts';
import { scaleCommand } from './scale/scale-command.ts';
import { scoreCommand } from './score/score-command.ts';
import { statsCommand } from './stats/stats-command.ts';

const EXAMPLES = `
Examples:
  $ threat-consensus run                                   score the sample on an embedded stack
  $ threat-consensus local > stack.env                     run the embedded stack until interrupted
  $ threat-consensus push connections.ndjson               send records to the work queue
  $ threat-consensus score connections.ndjson              score records without queue or table
  $ threat-consensus assessments 203.0.113.201             what is known about an address
  $ threat-consensus attention --since 24h                 what a human should look at
  $ threat-consensus stats --since 24h                     totals, rates, scorers, latency
  $ threat-consensus label ASSESSMENT malicious            record what it turned out to be
  $ threat-consensus labels --since 7d                     what was labelled
  $ threat-consensus export --output legacy.sqlite         data for other programs
  $ threat-consensus compare --since 24h                   is the consensus score ready to be used?
  $ threat-consensus cutover                               whose score is used, and how to change it
  $ threat-consensus replay --since 7d --settings FILE     what other settings would change
  $ threat-consensus rejected list                         invalid records and why
  $ threat-consensus dlq redrive                           send failed messages back
  $ threat-consensus intel import list.txt --source NAME   load a blocklist
  $ threat-consensus keys set virustotal --env prod        store a provider's key, encrypted
  $ threat-consensus scale --rate 10000                    what a rate of records asks for
`;

const program = new Command('threat-consensus')
  .description('Scores network connections by the consensus of three independent scorers.')
  .addCommand(runCommand())
  .addCommand(localCommand())
  .addCommand(pushCommand())
  .addCommand(scoreCommand())
  .addCommand(assessmentsCommand())
  .addCommand(attentionCommand())
  .addCommand(statsCommand())
  .addCommand(labelCommand())
  .addCommand(labelsCommand())
  .addCommand(exportCommand())
  .addCommand(compareCommand())
  .addCommand(cutoverCommand())
  .addCommand(replayCommand())
  .addCommand(rejectedCommand())
  .addCommand(deadLetterCommand())
  .addCommand(intelCommand())
  .addCommand(keysCommand())
  .addCommand(scaleCommand())
  .version(packageJson.version)
  .addHelpText('after', EXAMPLES)
  .exitOverride();
inheritSettings(program);

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is no failure.
  if (error.code !== 'EPIPE') throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error);
  // What was interrupted may still be waiting for an answer of the stack that is gone.
  if (error instanceof InterruptedError) process.exit();
}

/** Commands are made apart from the program, and do not take over how it ends by themselves. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inheritSettings(command);
  }
}
