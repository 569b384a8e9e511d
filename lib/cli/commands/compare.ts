import { Command } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import { beginOutputFile, type OutputFile } from '../../files/output-file.ts';
import type { ReadinessReport } from '../../statistics/readiness-report.ts';
import { DEFAULT_READINESS } from '../../statistics/readiness-thresholds.ts';
import { gateOption } from '../options/gate.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption, untilOption } from '../options/time-range.ts';
import { reportJson } from '../output/compare/report-json.ts';
import { reportLines } from '../output/compare/report-lines.ts';
import { withProgress } from '../output/progress.ts';
import { writeConclusion } from '../output/write-lines.ts';
import { type CompareOptions, compareRange } from '../use/compare/compare-range.ts';
import { rangeBetween } from '../use/time-range.ts';

interface CompareCommandOptions extends Omit<CompareOptions, 'version'>, JsonOptions {
  readonly since: number;
  readonly until?: number;
  readonly html?: string;
}

const { averageScore, ...gates } = DEFAULT_READINESS;

const HELP = `
Gates, each of which must be passed, with the name that --gate has for it:
  hours              from the first to the last message with both scores: at least ${gates.hours}
  assessments        with both scores: at least ${gates.assessments}
  failure-rate       share of assessments without a consensus: at most ${gates.failureRate}
  uncertainty-rate   share of assessments on which the scorers disagree: at most ${gates.uncertaintyRate}
  average-score      of the consensus: within ${averageScore.minimum}-${averageScore.maximum}
  latency            99th percentile to the verdict, milliseconds: below ${gates.latencyMs}
  unexplained-flips  share of flips that nothing explains: at most ${gates.unexplainedFlips}
With --env, failure rate, uncertainty and average score are judged by the thresholds of the environment's alarms.

A flip is an assessment that is malicious by one of the scores alone. It is explained by evidence that the legacy score
ignores and that points the same way: lists that name it; AbuseIPDB where VirusTotal answers; number and age of reports where
only AbuseIPDB does. Or by a label of its address that says what the consensus says. A label that says otherwise
outweighs evidence.

Exit codes: 0 ready, 3 not ready, 1 something failed, 2 called wrongly.

Examples:
  $ threat-consensus compare --since 24h
  $ threat-consensus compare --since 7d --html report.html --env prod
  $ threat-consensus compare --since 7d --gate hours=150 --gate average-score=0.02-0.4 --json
`;

/** Apart from a failure, so that a pipeline can distinguish the two. */
const NOT_READY = 3;

/** Says whether an environment is ready to use the consensus score. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .summary('say whether an environment is ready for the consensus score')
    .description(
      'Compares the legacy and the consensus score of all that arrived in a time range and was scored by both, and judges whether the consensus score can be used.',
    )
    .addOption(sinceOption('what arrived since then', '24h'))
    .addOption(untilOption('and no later than that'))
    .option('--html <file>', 'also write the report as a page with charts, which needs nothing else')
    .addOption(gateOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(compare);
  return withTarget(command, 'table');
}

async function compare(options: CompareCommandOptions): Promise<void> {
  const range = rangeBetween(Date.now(), options.since, options.until);
  // Begun first: reading can take minutes, and a file that can't be written is noticed now.
  const page = options.html === undefined ? undefined : beginOutputFile(options.html, { what: 'the report' });
  try {
    const report = await withProgress(options.json === true, (progress) =>
      compareRange(range, { ...options, version: packageJson.version }, progress),
    );
    if (!report.ready) process.exitCode = NOT_READY;
    try {
      if (page !== undefined) await writePage(page, report);
    } finally {
      await writeConclusion(options.json ? [reportJson(report)] : reportLines(report));
    }
  } finally {
    page?.discard();
  }
}

async function writePage(page: OutputFile, report: ReadinessReport): Promise<void> {
  // Loaded here: no other command draws charts.
  const { renderReport } = await import('../output/compare/report-page.ts');
  page.write(renderReport(report));
  page.finish();
}
