import { Command } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import { beginOutputFile, type OutputFile } from '../../files/output-file.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { limitOption } from '../options/limit.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption, untilOption } from '../options/time-range.ts';
import { withProgress } from '../output/progress.ts';
import { siteReportLines } from '../output/report/site-report-lines.ts';
import { writeConclusion } from '../output/write-lines.ts';
import type { SiteReport } from '../results/site-report.ts';
import { readSiteReport } from '../use/report/read-site-report.ts';
import { environmentOf, openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';
import { rangeBetween } from '../use/time-range.ts';

interface ReportOptions extends TargetOptions, JsonOptions {
  readonly since: number;
  readonly until?: number;
  readonly limit: number;
  readonly html?: string;
}

const EXAMPLES = `
Examples:
  $ threat-consensus report --html today.html
  $ threat-consensus report --since 7d --html week.html --env prod
  $ threat-consensus report --since 7d --json | jq '.hosts[].host'
`;

/** Reports what a site has to know about a day or a week. */
export function reportCommand(): Command {
  const command = new Command('report')
    .summary('report on a day or a week: what is bad and new, hosts at risk, trends, costs')
    .description(
      'Reports what arrived in a time range: malicious and doubtful addresses with their evidence, your own hosts at risk, ' +
        'where evidence is lacking, trends compared with the period before, what was rejected or skipped, and what it cost. ' +
        'Addresses on the allowlist or labelled benign, and outside addresses that got no answer, are only counted.',
    )
    .addOption(sinceOption('records that arrived since then', '24h'))
    .addOption(untilOption('records that arrived before then'))
    .option('--html <file>', 'also write the report as a self-contained HTML page with charts')
    .addOption(limitOption(25, 'show at most this many addresses'))
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(report);
  return withTarget(command, 'table');
}

async function report(options: ReportOptions): Promise<void> {
  const range = rangeBetween(Date.now(), options.since, options.until);
  // Opened first: reading can take minutes, and a file that can't be written should fail now.
  const page = options.html === undefined ? undefined : beginOutputFile(options.html, { what: 'the report' });
  try {
    const table = await openTable(options);
    const about = {
      environment: environmentOf(options) ?? null,
      version: packageJson.version,
      limit: options.limit,
    };
    const found = await withProgress(options.json === true, (progress) =>
      readSiteReport(table, range, about, progress),
    );
    try {
      if (page !== undefined) await writePage(page, found);
    } finally {
      await writeConclusion(options.json ? [JSON.stringify(found)] : siteReportLines(found));
    }
  } finally {
    page?.discard();
  }
}

async function writePage(page: OutputFile, report: SiteReport): Promise<void> {
  // Loaded here: charts take longer to load than most commands take to run.
  const { renderSiteReport } = await import('../output/report/site-report-page.ts');
  page.write(renderSiteReport(report));
  page.finish();
}
