import { Command, InvalidArgumentError, Option } from 'commander';
import { counted } from '../../statistics/count-text.ts';
import { CliError } from '../cli-error.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { yesOption } from '../options/yes.ts';
import { confirm } from '../output/confirm.ts';
import { conclusionLine, resultLines, resultsJson } from '../output/doctor-lines.ts';
import { createProgress } from '../output/progress.ts';
import { writeConclusion } from '../output/write-lines.ts';
import type { CheckResult } from '../results/doctor.ts';

interface DoctorCommandOptions extends JsonOptions {
  readonly env?: string;
  readonly timeout: number;
  readonly rehearseAlarm?: true;
  readonly rehearseRollback?: true;
  readonly yes?: true;
}

const EXAMPLES = `
Examples:
  $ threat-consensus doctor --env prod                        after each deployment
  $ threat-consensus doctor --env prod --rehearse-alarm       and see an alarm reach its target
  $ threat-consensus doctor --env staging --rehearse-rollback --yes
  $ threat-consensus doctor --json | jq '.checks[] | select(.outcome == "fail")'

Exit code: 0 nothing failed, 1 something failed, 2 invalid usage.
`;

/** Checks a deployment. */
export function doctorCommand(): Command {
  const command = new Command('doctor')
    .summary('check that a deployment works')
    .description(
      'Checks a deployment: stacks, table, function, settings, queues, alarms and who is notified, your permissions, quotas. ' +
        'Sends one record with an address of 192.0.2.0/24, which nobody uses, and waits for its verdict; the record is counted ' +
        'like any other, and expires. Prints one line per check, with what to do. Needs the policy OperatorPolicyArn of the ' +
        'Scoring stack.',
    )
    .addOption(
      new Option('--timeout <seconds>', 'how long to wait for the verdict, and in rehearsals')
        .argParser(seconds)
        .default(60),
    )
    .option('--rehearse-alarm', 'set off an alarm by hand, and check that its target is notified')
    .option(
      '--rehearse-rollback',
      'trigger the rollback by hand: if the consensus score is in use, the mode is legacy afterwards',
    )
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(run);
  return withTarget(command);
}

/** Reads how long to wait, seconds. */
function seconds(text: string): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= 3_600) return value;
  throw new InvalidArgumentError('expected a whole number of seconds from 1 to 3600.');
}

const ROLLBACK_QUESTION =
  'The rollback alarm will go off and notify every subscriber. If the consensus score is in use, the settings go back ' +
  'to legacy and stay there until you change them back. Continue?';

async function run(options: DoctorCommandOptions): Promise<void> {
  const { env, timeout: timeoutSeconds, rehearseAlarm, rehearseRollback, yes } = options;
  const isJson = options.json === true;
  if (rehearseRollback && !yes && !(await confirm(ROLLBACK_QUESTION))) throw new CliError('not rehearsed');
  // Loaded here: no other command needs so many clients.
  const { examine } = await import('../use/doctor/examine.ts');
  const progress = createProgress(isJson);
  const results: CheckResult[] = [];
  let environment: string | undefined;
  try {
    const asked = {
      timeoutSeconds,
      rehearsesAlarm: rehearseAlarm === true,
      rehearsesRollback: rehearseRollback === true,
    };
    const examination = examine(env, asked, progress, (subject) => {
      environment = subject.environment;
    });
    for await (const result of examination) {
      results.push(result);
      progress.stop();
      if (!isJson) await writeConclusion(resultLines(result));
    }
  } finally {
    progress.stop();
  }
  await writeConclusion([isJson ? resultsJson(environment, results) : conclusionLine(results)]);
  const failed = results.filter(({ outcome }) => outcome === 'fail');
  if (failed.length > 0) {
    throw new CliError(
      `${counted(failed.length, 'check')} failed: ${failed.map(({ name }) => name).join(', ')}`,
    );
  }
}
