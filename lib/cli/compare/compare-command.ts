import { Command } from 'commander';
import { beginOutputFile, type OutputFile } from '../../files/output-file.ts';
import { OutputClosedError } from '../../files/standard-output.ts';
import { ComparisonWindow } from '../../statistics/comparison-window.ts';
import { readDetails } from '../../statistics/read-details.ts';
import { type ReadinessReport, readinessReport } from '../../statistics/readiness-report.ts';
import { DEFAULT_READINESS, type ReadinessThresholds } from '../../statistics/readiness-thresholds.ts';
import { readLabels } from '../../store/labels.ts';
import { readStatistics } from '../../store/read-summaries.ts';
import type { TimeRange } from '../../store/timeline.ts';
import { CliError } from '../cli-error.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { writeLines } from '../output/write-lines.ts';
import { openTable, type TargetOptions, withTarget } from '../target.ts';
import { sinceOption, until, untilOption } from '../time-range.ts';
import { environmentThresholds } from './environment-thresholds.ts';
import { type GateChanges, gateOption } from './gate-option.ts';
import { reportJson } from './report-json.ts';
import { reportLines } from './report-lines.ts';

interface CompareOptions extends TargetOptions {
  readonly json?: true;
  readonly since: number;
  readonly until?: number;
  readonly html?: string;
  readonly gate?: GateChanges;
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
ignores and that points the same way: blocklists; AbuseIPDB where VirusTotal answers; number and age of reports where
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
    .option('--gate <name=value>', 'move a gate; can be given for each', gateOption)
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(compare);
  return withTarget(command, 'table');
}

async function compare(options: CompareOptions): Promise<void> {
  const range = rangeOf(options);
  // Begun first: reading can take minutes, and a file that can't be written is noticed now.
  const page = options.html === undefined ? undefined : beginOutputFile(options.html, { what: 'the report' });
  try {
    const report = await makeReport(options, range);
    if (!report.ready) process.exitCode = NOT_READY;
    try {
      if (page !== undefined) await writePage(page, report);
    } finally {
      await printReport(report, options.json === true);
    }
  } finally {
    page?.discard();
  }
}

async function printReport(report: ReadinessReport, isJson: boolean): Promise<void> {
  try {
    await writeLines(isJson ? [reportJson(report)] : reportLines(report));
  } catch (error) {
    // Who has read enough still wants to know the conclusion.
    if (!(error instanceof OutputClosedError)) throw error;
  }
}

function rangeOf({ since, until: untilMs }: CompareOptions): TimeRange {
  const range = until(Date.now(), since);
  if (untilMs === undefined) return range;
  if (untilMs <= since) throw new CliError('--until is before --since: there is no time between them', 2);
  return { ...range, toMs: untilMs };
}

async function makeReport(options: CompareOptions, range: TimeRange): Promise<ReadinessReport> {
  const table = await openTable(options);
  const { environment, thresholds, remarks } = await environmentThresholds(options);
  const progress = createProgress(options.json === true);
  try {
    const window = await readWindow(range, readStatistics(table, range), progress);
    progress.step('reading labels');
    // A label says what is true, whenever it was given: also after the time that is looked at.
    const labels = await Array.fromAsync(readLabels(table, until(range.nowMs, range.fromMs)));
    progress.step('reading what differs');
    const details = await readDetails(table, window, labels, range.nowMs);
    const judgedBy: ReadinessThresholds = { ...thresholds, ...options.gate };
    return readinessReport({ environment, range, window, details, labels, thresholds: judgedBy, remarks });
  } finally {
    progress.stop();
  }
}

async function readWindow(
  range: TimeRange,
  entries: ReturnType<typeof readStatistics>,
  progress: Progress,
): Promise<ComparisonWindow> {
  const window = new ComparisonWindow(range);
  let count = 0;
  progress.step('reading summaries');
  for await (const entry of entries) {
    window.add(entry);
    progress.update(++count);
  }
  return window;
}

async function writePage(page: OutputFile, report: ReadinessReport): Promise<void> {
  // Loaded here: no other command draws charts.
  const { renderReport } = await import('./report-page.ts');
  page.write(renderReport(report));
  page.finish();
}
