import { type BarSeries, renderBarChart } from '../../../charts/bar-chart.ts';
import { renderFigures } from '../../../charts/figures.ts';
import { type Html, html } from '../../../charts/html.ts';
import { renderLegend, renderPage } from '../../../charts/page.ts';
import { renderSparkline } from '../../../charts/sparkline.ts';
import { renderTable } from '../../../charts/table.ts';
import { counted, grouped } from '../../../statistics/count-text.ts';
import type {
  HostAtRisk,
  ReportedAddress,
  SiteReport,
  TrafficFigures,
  TrafficStep,
} from '../../results/site-report.ts';
import { outcomesText } from '../assessments/look-up-lines.ts';
import { percent, stepNames } from '../compare/wording.ts';
import { triedText } from '../fan-out-lines.ts';
import { printable } from '../terminal.ts';
import { addressText, costText, hostText, marksOf, sourceText } from './describe.ts';
import { headlineOf } from './headline.ts';
import { leftOutLines } from './left-out.ts';
import { SITE_REPORT_STYLE } from './site-report-style.ts';

/** Colours of the palette; each has one meaning on the page. */
const COLOURS = { records: 0, malicious: 1, unknown: 4, notScored: 3 } as const;

/** The report as a self-contained page: no scripts, no network, no other files. */
export function renderSiteReport(report: SiteReport): string {
  const title = report.environment === null ? 'Threat report' : `Threat report: ${report.environment}`;
  const body = html`${renderHead(report)}
${renderNews(report)}
${renderHosts(report)}
${renderAddresses(report)}
${renderLackingEvidence(report)}
${renderTrends(report)}
${renderLosses(report)}
${renderCosts(report)}`;
  return renderPage(printable(title), body, SITE_REPORT_STYLE);
}

function renderHead(report: SiteReport): Html {
  const { since, until, made_at, version, counts, traffic } = report;
  const { state, text } = headlineOf(report);
  const about = `${sourceText(report)}; made ${shortTime(made_at)} UTC by version ${version}`;
  return html`<p class="period">${`${shortTime(since)} to ${shortTime(until)} UTC`}<br>${printable(about)}</p>
<p class="verdict ${state}">${text}</p>
${renderFigures([
  [grouped(traffic.records), 'connection records'],
  [grouped(counts.attention), 'addresses that need a human'],
  [grouped(counts.malicious), 'malicious addresses'],
  [grouped(counts.new_malicious), 'of them new'],
  [grouped(report.hosts.length), 'own hosts at risk'],
])}`;
}

/** `2026-11-22 17:40` */
function shortTime(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

function renderNews({ addresses, counts }: SiteReport): Html {
  const news = addresses.filter(({ is_new, reasons }) => is_new && reasons.includes('malicious'));
  if (news.length === 0) {
    const text =
      counts.malicious === 0
        ? 'No address counts as malicious.'
        : 'Every malicious address was already malicious in the period before.';
    return html`<h2>New and bad</h2><p>${text}</p>`;
  }
  const rows = news.map(
    (each) =>
      html`<tr><td><a href="#${anchorOf(each)}">${printable(each.address)}</a></td><td class="bad">${each.score.toFixed(3)}</td><td class="text">${printable([addressText(each), ...labelOf(each)].join(', '))}</td><td>${shortTime(each.first_seen)}</td></tr>`,
  );
  return html`<h2>New and bad</h2>
<p>Malicious now, and not in the period of the same length before.</p>
${renderTable('news', ['Address', 'Score', 'What it does', 'First seen, UTC'], rows)}`;
}

function labelOf({ label }: ReportedAddress): string[] {
  return label === null ? [] : [`labelled ${label}`];
}

function anchorOf({ address, direction }: ReportedAddress): string {
  return `${direction}-${address}`;
}

function renderHosts({ hosts }: SiteReport): Html {
  if (hosts.length === 0)
    return html`<h2>Your own hosts at risk</h2><p>None of your hosts called a malicious address, was reached by one, or tried many targets.</p>`;
  const rows = hosts.map(
    (risk) => html`<tr><td>${printable(risk.host)}</td><td class="text">${riskText(risk)}</td></tr>`,
  );
  return html`<h2>Your own hosts at risk</h2>
<p>Those that call something malicious come first. A host that tries many targets is infected, or a scanner of yours.</p>
${renderTable('hosts', ['Host', 'Why'], rows)}`;
}

function riskText(risk: HostAtRisk): string {
  const texts = [hostText(risk), ...(risk.fan_out === null ? [] : [triedText(risk.fan_out)])];
  return printable(texts.filter((text) => text !== '').join('; '));
}

function renderAddresses(report: SiteReport): Html {
  const { addresses } = report;
  const leftOut = leftOutLines(report).map((line) => html`<li>${line}</li>`);
  const list = leftOut.length > 0 && html`<p>Not shown:</p><ul class="remarks">${leftOut}</ul>`;
  if (addresses.length === 0)
    return html`<h2>Addresses</h2><p>No address needs a human.</p>
${list}`;
  return html`<h2>Addresses</h2>
<p>The most urgent first. Bars show when connections were seen, all over the same time; heights are roots of counts.</p>
<div class="addresses">${addresses.map(renderAddress)}</div>
${list}`;
}

function renderAddress(each: ReportedAddress): Html {
  const { address, score, reasons, direction, evidence, first_seen, last_seen } = each;
  const isBad = reasons.includes('malicious');
  const seen = `${shortTime(first_seen)} to ${shortTime(last_seen)} UTC`;
  return html`<article id="${anchorOf(each)}">
<h3><b class="${isBad ? 'bad' : 'doubtful'}">${score.toFixed(3)}</b> ${printable(address)} <small>${direction}</small>${marksOf(each).map((mark) => html` <span class="mark">${mark}</span>`)}</h3>
<p>${printable(addressText(each))}</p>
<p class="seen">${evidence !== null && renderSparkline(`Connections over time: ${evidence.over_time.join(', ')}`, evidence.over_time)}<span>${seen}${evidence !== null && `, ${evidence.is_partial ? 'more than ' : ''}${counted(evidence.connections, 'connection')}`}</span></p>
${renderEvidence(each)}
<p class="id">${printable(each.assessment)}</p>
</article>
`;
}

function renderEvidence({ evidence }: ReportedAddress): Html {
  if (evidence === null) return html`<p>Its assessments are no longer stored.</p>`;
  const { sources, votes } = evidence;
  const rows = votes.map(
    ({ scorer, score, reasoning }) =>
      html`<dt>${scorer} <b>${score.toFixed(3)}</b></dt><dd>${printable(reasoning)}</dd>`,
  );
  const known = sources.length === 0 ? 'none' : sources.join(', ');
  return html`<dl><dt>evidence</dt><dd>${known}</dd>${rows}</dl>`;
}

function renderLackingEvidence({ traffic, over_time, lookups }: SiteReport): Html {
  const { assessments, without_evidence } = traffic;
  if (assessments === 0) return html`<h2>Where evidence is lacking</h2><p>Nothing was assessed.</p>`;
  const rows = Object.entries(lookups).map(
    ([source, outcomes]) => html`<tr><td>${source}</td><td class="text">${outcomesText(outcomes)}</td></tr>`,
  );
  const asked =
    rows.length === 0
      ? html`<p>No list or provider was asked. To know more, load lists or store keys for VirusTotal and AbuseIPDB.</p>`
      : renderTable('sources', ['Source', 'Addresses by outcome'], rows);
  return html`<h2>Where evidence is lacking</h2>
<p>${`${grouped(without_evidence)} of ${counted(assessments, 'assessment')} (${percent(without_evidence / assessments)}) rest on no evidence. Their score is the base rate: it does not mean that the addresses are harmless.`}</p>
${asked}
<div class="charts report-charts">${renderCounts('Assessments without evidence', over_time, [['without evidence', 'without_evidence', COLOURS.unknown]])}</div>`;
}

/** Names, fields and colours of the series in a chart. */
type Counted = readonly (readonly [name: string, field: keyof TrafficFigures, color: number])[];

function renderCounts(title: string, steps: readonly TrafficStep[], what: Counted): Html {
  const series: BarSeries[] = what.map(([name, field, color]) => ({
    name,
    color,
    values: steps.map((step) => step[field]),
  }));
  const sums = what.map(
    ([name, field]) => `${name} ${grouped(steps.reduce((sum, step) => sum + step[field], 0))}`,
  );
  const chart = renderBarChart({
    description: `${title} over time: ${sums.join(', ')}`,
    xLabel: 'time of arrival, UTC',
    yLabel: what.map(([name]) => name).join(', '),
    categories: stepNames(steps),
    isStacked: true,
    series,
  });
  const legend =
    what.length > 1 &&
    renderLegend(
      what.map(([name]) => name),
      what.map(([, , color]) => color),
    );
  return html`<figure><figcaption>${title}</figcaption>${legend}${chart}</figure>
`;
}

const COMPARED = [
  ['Messages', 'messages'],
  ['Records', 'records'],
  ['Assessments', 'assessments'],
  ['Malicious assessments', 'malicious'],
  ['With high uncertainty', 'high_uncertainty'],
  ['Without a consensus', 'consensus_failures'],
  ['Without evidence', 'without_evidence'],
] as const satisfies readonly (readonly [string, keyof TrafficFigures])[];

function renderTrends({ traffic, before, over_time }: SiteReport): Html {
  const rows = COMPARED.map(
    ([name, field]) =>
      html`<tr><td>${name}</td><td>${grouped(traffic[field])}</td><td>${grouped(before[field])}</td><td>${changeText(traffic[field], before[field])}</td></tr>`,
  );
  const charts =
    traffic.messages > 0 &&
    html`<div class="charts report-charts">${renderCounts('Records', over_time, [['records', 'records', COLOURS.records]])}${renderCounts('Malicious assessments', over_time, [['malicious', 'malicious', COLOURS.malicious]])}</div>`;
  return html`<h2>Trends</h2>
<p>Against the period of the same length before.</p>
${renderTable('trends', ['', 'Now', 'Before', 'Change'], rows)}
${charts}`;
}

function changeText(now: number, before: number): string {
  if (now === before) return 'none';
  if (before === 0) return 'from none';
  const change = (now - before) / before;
  return `${change > 0 ? '+' : '-'}${percent(Math.abs(change))}`;
}

function renderLosses({ traffic, skipped, over_time }: SiteReport): Html {
  const kinds = Object.entries(skipped).sort(([, a], [, b]) => b - a);
  const rows = [
    ['Stored', traffic.stored, 'scored, and kept until they expire'],
    ['Duplicates', traffic.duplicates, 'identical to another record of the same message or minute'],
    ['Rejected', traffic.rejected, 'invalid; the command rejected list shows them with the reasons'],
    ...kinds.map(([kind, count]) => [`Skipped: ${printable(kind)}`, count, 'not a connection'] as const),
  ] as const;
  const lines = rows.map(
    ([name, count, why]) =>
      html`<tr><td>${name}</td><td>${grouped(count)}</td><td class="text">${why}</td></tr>`,
  );
  const charts =
    traffic.rejected + traffic.skipped > 0 &&
    html`<div class="charts report-charts">${renderCounts('Rejected and skipped', over_time, [
      ['rejected', 'rejected', COLOURS.notScored],
      ['skipped', 'skipped', COLOURS.unknown],
    ])}</div>`;
  return html`<h2>Rejected and skipped</h2>
${renderTable('losses', ['Entries', 'Number', 'Meaning'], lines)}
${charts}`;
}

function renderCosts(report: SiteReport): Html {
  const { lookups_a_day } = report.costs;
  const rows = lookups_a_day.map(
    ({ provider, answered, without_quota, free_plan }) =>
      html`<tr><td>${provider}</td><td>${grouped(answered)}</td><td>${grouped(without_quota)}</td><td>${grouped(free_plan)}</td></tr>`,
  );
  const table =
    rows.length > 0 &&
    html`<p>Addresses per day, on average, including cached answers.</p>
${renderTable('quotas', ['Provider', 'Answered', 'Beyond the quota', 'Free plan per day'], rows)}`;
  return html`<h2>Costs</h2>
<p>${costText(report)}. An estimate by measured costs of such traffic; alarms and metrics of the idle environment are not in it.</p>
${table}`;
}
