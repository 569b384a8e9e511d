import { counted, grouped } from '../../../statistics/count-text.ts';
import type { HostAtRisk, ReportedAddress, SiteReport } from '../../results/site-report.ts';
import { triedText } from '../fan-out-lines.ts';
import { printable, styled } from '../terminal.ts';
import { addressText, costText, hostText, marksOf, sourceText } from './describe.ts';
import { headlineOf } from './headline.ts';
import { leftOutLines } from './left-out.ts';

const SHOWN = 10;
const COLOURS = { alarming: 'red', unsure: 'yellow', quiet: 'green' } as const;

/** The report for a terminal: the conclusion first, then the hosts at risk, and the figures behind it. */
export function siteReportLines(report: SiteReport): string[] {
  const { since, until, addresses, hosts, traffic } = report;
  const { state, text } = headlineOf(report);
  return [
    styled(['bold', COLOURS[state]], text),
    styled('dim', `${printable(sourceText(report))}, ${since} to ${until}`),
    ...section('Your own hosts at risk', hosts, hostLines),
    ...section('Addresses, the most urgent first', addresses, addressLines),
    ...leftOutLines(report).map((line) => styled('dim', `  not shown: ${line}`)),
    '',
    `${counted(traffic.records, 'record')}: ${grouped(traffic.stored)} stored, ${grouped(traffic.duplicates)} duplicates, ${grouped(traffic.rejected)} rejected; ${grouped(traffic.skipped)} skipped in addition`,
    `${counted(traffic.assessments, 'assessment')}, ${grouped(traffic.without_evidence)} without evidence`,
    costText(report),
  ];
}

/** Lines under a heading, if there are any; no more than fit a screen. */
function section<Entry>(
  title: string,
  entries: readonly Entry[],
  linesOf: (entry: Entry) => readonly string[],
): string[] {
  if (entries.length === 0) return [];
  const more = entries.length - SHOWN;
  return [
    '',
    styled('bold', title),
    ...entries.slice(0, SHOWN).flatMap(linesOf),
    ...(more > 0 ? [`  and ${grouped(more)} more (--html and --json have them all)`] : []),
  ];
}

function hostLines(risk: HostAtRisk): string[] {
  const tried = risk.fan_out === null ? [] : [triedText(risk.fan_out)];
  const contacts = hostText(risk);
  const texts = [...(contacts === '' ? [] : [contacts]), ...tried];
  return [`  ${styled('bold', printable(risk.host))}  ${printable(texts.join('; '))}`];
}

function addressLines(each: ReportedAddress): string[] {
  const marks = marksOf(each);
  const marked = marks.length === 0 ? '' : `  ${styled('dim', marks.join(', '))}`;
  return [
    `  ${each.score.toFixed(3)}  ${styled('bold', printable(each.address))}  ${printable(addressText(each))}${marked}`,
  ];
}
