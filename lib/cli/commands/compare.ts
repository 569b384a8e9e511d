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
Gates, by the name that --gate uses. All of them must pass:
  hours              from the first to the last message with both scores: at least ${gates.hours}
  assessments        with both scores: at least ${gates.assessments}
  failure-rate       share of assessments without a consensus: at most ${gates.failureRate}
  uncertainty-rate   share of assessments on which the scorers disagree: at most ${gates.uncertaintyRate}
  average-score      of the consensus: within ${averageScore.minimum}-${averageScore.maximum}
  latency            99th percentile to the verdict, milliseconds: below ${gates.latencyMs}
  unexplained-flips  share of flips without an explanation: at most ${gates.unexplainedFlips}
With --env, failure rate, uncertainty and average score are judged by the alarm thresholds of the environment.

A flip is an assessment that is malicious by only one of the two scores. Evidence explains it if the legacy score
ignores that evidence and it points the same way: lists that name the address; AbuseIPDB if VirusTotal answers; number and
age of reports if only AbuseIPDB answers. A label that agrees with the consensus also explains it. A label that disagrees
outweighs any evidence.

Exit codes: 0 ready, 3 not ready, 1 something failed, 2 invalid usage.

Examples:
  $ threat-consensus compare --since 24h
  $ threat-consensus compare --since 7d --html report.html --env prod
  $ threat-consensus compare --since 7d --gate hours=150 --gate average-score=0.02-0.4 --json
`;

/** Differs from the code of a failure, so that a pipeline can distinguish the two. */
const NOT_READY = 3;

/** Checks whether an environment is ready to use the consensus score. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .summary('check whether an environment is ready for the consensus score')
    .description(
      'Compares the legacy and the consensus score of everything that arrived in a time range and was scored by ' +
        'both, ' +
        'and judges whether the consensus score is ready to use.',
    )
    .addOption(sinceOption('records that arrived since then', '24h'))
    .addOption(untilOption('records that arrived before then'))
    .option('--html <file>', 'also write the report as a self-contained HTML page with charts')
    .addOption(gateOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(compare);
  return withTarget(command, 'table');
}

async function compare(options: CompareCommandOptions): Promise<void> {
  const range = rangeBetween(Date.now(), options.since, options.until);
  // Opened first: reading can take minutes, and a file that can't be written should fail now.
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
