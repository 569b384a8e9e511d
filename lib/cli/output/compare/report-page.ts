import { renderBarChart } from '../../../charts/bar-chart.ts';
import { renderFigures } from '../../../charts/figures.ts';
import { type Html, html } from '../../../charts/html.ts';
import { renderLegend, renderPage } from '../../../charts/page.ts';
import { renderTable } from '../../../charts/table.ts';
import { renderTimeChart } from '../../../charts/time-chart.ts';
import { SCORER_NAMES } from '../../../consensus/vote.ts';
import { grouped } from '../../../statistics/count-text.ts';
import { countFlips } from '../../../statistics/flips.ts';
import type { Judgement } from '../../../statistics/judged-labels.ts';
import type { Gate } from '../../../statistics/readiness-gates.ts';
import type { ReadinessReport } from '../../../statistics/readiness-report.ts';
import { printable } from '../terminal.ts';
import { addressTable } from './address-table.ts';
import { gateText } from './gate-text.ts';
import { REPORT_STYLE } from './report-style.ts';
import { difference, percent, score, stepNames, tenth, verdictText } from './wording.ts';

/**
 * Colours of the palette, each with one meaning: that of the consensus also marks its comparison with the legacy score.
 */
const COLOURS = { legacy: 0, bad: 1, consensus: 3, cleared: 4 } as const;

/** The report as a self-contained page: no scripts, no network, no other files. */
export function renderReport(report: ReadinessReport): string {
  const { environment, messages } = report;
  const title = environment === null ? 'Readiness report' : `Readiness report: ${environment}`;
  const evidence =
    messages.compared > 0 &&
    html`${renderOverview(report)}
${renderFlips(report)}
${renderCharts(report)}
${renderScorers(report)}
${renderAddresses(report)}`;
  const body = html`${renderVerdict(report)}
${renderGates(report)}
${evidence}`;
  return renderPage(title, body, REPORT_STYLE);
}

function renderVerdict(report: ReadinessReport): Html {
  const { ready, since, until, remarks, settings, gates } = report;
  const state = ready ? 'ready' : 'not-ready';
  const inForce = settings.at(-1);
  const by = inForce === undefined ? '' : `; settings ${inForce.settings}`;
  const missing = gates
    .filter(({ isPassed }) => !isPassed)
    .map((gate) => html`<li>${missingText(gate)}</li>`);
  const list = remarks.map((remark) => html`<li>${remark}</li>`);
  return html`<p class="period">${`${shortTime(since)} to ${shortTime(until)} UTC${by}`}<br>${printable(sourceText(report))}</p>
<div class="verdict ${state}"><p>${ready ? '✓' : '✗'} ${verdictText(report)}</p>${missing.length > 0 && html`<ul>${missing}</ul>`}</div>
${list.length > 0 && html`<ul class="remarks">${list}</ul>`}`;
}

function sourceText({ environment, table, made_at, version }: ReadinessReport): string {
  const where = environment === null ? '' : `environment ${environment}, `;
  return `${where}table ${table}; made ${shortTime(made_at)} UTC by version ${version}`;
}

/** `Duration: 12.0 h, at least 24.0 h` */
function missingText(gate: Gate): string {
  const { title, value, threshold } = gateText(gate);
  return `${title}: ${value}, must be ${threshold}`;
}

/** `2026-11-22 17:40` */
function shortTime(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

function renderGates({ gates }: ReadinessReport): Html {
  const rows = gates.map((gate) => {
    const { title, value, threshold } = gateText(gate);
    const [state, outcome] = gate.isPassed ? ['passed', '✓ pass'] : ['failed', '✗ fail'];
    return html`<tr><td>${title}</td><td>${value}</td><td>${threshold}</td><td class="${state}">${outcome}</td></tr>`;
  });
  return renderTable('gates', ['Gate', 'Value', 'Threshold', ''], rows);
}

function renderOverview({ comparison, agreement_rate, average_difference, flips }: ReadinessReport): Html {
  const figures = [
    [grouped(comparison.compared), 'assessments with both scores'],
    [percent(agreement_rate), 'agree within the divergence threshold'],
    [grouped(flips.newly_malicious), 'newly malicious'],
    [grouped(flips.no_longer_malicious), 'no longer malicious'],
    [difference(average_difference), 'average difference, consensus minus legacy'],
  ] as const;
  return html`<h2>What would change</h2>${renderFigures(figures)}`;
}

function renderCharts(report: ReadinessReport): Html {
  const charts: readonly (readonly [string, Html])[] = [
    [
      'Scores',
      html`${renderLegend(['legacy', 'consensus'], [COLOURS.legacy, COLOURS.consensus])}${renderDistributions(report)}`,
    ],
    ['Agreement over time', renderAgreement(report)],
    [
      'Flips over time',
      html`${renderLegend(['no longer malicious', 'newly malicious'], [COLOURS.cleared, COLOURS.bad])}${renderFlipsOverTime(report)}`,
    ],
    ['How far the scores are apart', renderDivergences(report)],
  ];
  const figures = charts.map(
    ([title, chart]) => html`<figure><figcaption>${title}</figcaption>${chart}</figure>
`,
  );
  return html`<div class="charts report-charts">${figures}</div>`;
}

const TENTHS = Array.from({ length: 10 }, (_, bucket) => tenth(bucket));
const LOWER_BOUNDS = TENTHS.map((range) => range.slice(0, 3));

function renderDistributions({ comparison }: ReadinessReport): Html {
  return renderBarChart({
    description: `Assessments by score, in tenths from 0 to 1: legacy ${comparison.legacy_histogram.join(', ')}; consensus ${comparison.consensus_histogram.join(', ')}`,
    xLabel: 'score, from',
    yLabel: 'assessments',
    categories: LOWER_BOUNDS,
    series: [
      { name: 'legacy', values: comparison.legacy_histogram, color: COLOURS.legacy },
      { name: 'consensus', values: comparison.consensus_histogram, color: COLOURS.consensus },
    ],
  });
}

function renderDivergences({ comparison }: ReadinessReport): Html {
  const { divergence_histogram } = comparison;
  return renderBarChart({
    description: `Assessments by distance of the scores, in tenths from 0 to 1: ${divergence_histogram.join(', ')}`,
    xLabel: 'distance, from',
    yLabel: 'assessments',
    categories: LOWER_BOUNDS,
    series: [{ name: 'assessments', values: divergence_histogram, color: COLOURS.consensus }],
  });
}

function renderFlips({ comparison, malicious_threshold }: ReadinessReport): Html {
  const { compared } = comparison;
  const { neither, newlyMalicious, noLongerMalicious, both } = countFlips(comparison.flips);
  const cell = (count: number) =>
    html`<td>${grouped(count)}<small>${percent(count / Math.max(1, compared))}</small></td>`;
  const below = `below ${malicious_threshold}`;
  return html`<h2>At the malicious threshold</h2>
${renderTable(
  'flips',
  ['Legacy score', `Consensus ${below}`, 'Consensus malicious'],
  [
    html`<tr><td>${below}</td>${cell(neither)}${cell(newlyMalicious)}</tr>`,
    html`<tr><td>malicious</td>${cell(noLongerMalicious)}${cell(both)}</tr>`,
  ],
)}`;
}

function renderAgreement({ over_time }: ReadinessReport): Html {
  const seen = over_time.flatMap(({ agreement_rate }) => agreement_rate ?? []);
  return renderTimeChart({
    description: `Share of assessments whose scores agree, over time: from ${percent(Math.min(...seen))} to ${percent(Math.max(...seen))}`,
    xLabel: 'time, UTC',
    yLabel: 'agree, %',
    steps: stepNames(over_time),
    color: COLOURS.consensus,
    shares: over_time.map(({ agreement_rate }) => agreement_rate),
  });
}

function renderFlipsOverTime({ over_time, flips }: ReadinessReport): Html {
  return renderBarChart({
    description: `Flips over time: ${flips.newly_malicious} newly malicious, ${flips.no_longer_malicious} no longer malicious`,
    xLabel: 'time, UTC',
    yLabel: 'flips',
    categories: stepNames(over_time),
    isStacked: true,
    series: [
      {
        name: 'no longer malicious',
        values: over_time.map(({ no_longer_malicious }) => no_longer_malicious),
        color: COLOURS.cleared,
      },
      {
        name: 'newly malicious',
        values: over_time.map(({ newly_malicious }) => newly_malicious),
        color: COLOURS.bad,
      },
    ],
  });
}

function renderScorers({ scorers, labels }: ReadinessReport): Html {
  const behaviour = SCORER_NAMES.map((name) => {
    const { votes, failures, failure_rate, average_score, average_confidence } = scorers[name];
    return html`<tr><td>${name}</td><td>${grouped(votes)}</td><td>${grouped(failures)}</td><td>${percent(failure_rate)}</td><td>${score(average_score)}</td><td>${score(average_confidence)}</td></tr>`;
  });
  const judged: readonly (readonly [string, Judgement])[] = [
    ['legacy score', labels.legacy],
    ['consensus score', labels.consensus],
    ...SCORER_NAMES.map((name) => [name, scorers[name].labels] as const),
  ];
  const accuracies = judged.map(
    ([name, { labels: count, accuracy, missed, false_alarms }]) =>
      html`<tr><td>${name}</td><td>${grouped(count)}</td><td>${percent(accuracy)}</td><td>${missed}</td><td>${false_alarms}</td></tr>`,
  );
  const { malicious, benign } = labels;
  const judgement =
    malicious + benign === 0
      ? html`<p>Nothing was labelled in this period.</p>`
      : html`<p>${grouped(malicious)} labelled malicious and ${grouped(benign)} benign since the beginning of this period.</p>
${renderTable('labels', ['Score', 'Labels', 'Accuracy', 'Missed', 'False alarms'], accuracies)}`;
  return html`<h2>Scorers</h2>
${renderTable('scorers', ['Scorer', 'Votes', 'Failures', 'Failure rate', 'Average score', 'Average confidence'], behaviour)}
<h2>Against labels</h2>
${judgement}`;
}

function renderAddresses({ divergent, unexplained }: ReadinessReport): Html {
  const flips =
    unexplained.length > 0 &&
    html`<h2>Unexplained flips</h2><p>Check them, and label what they turn out to be: <code>threat-consensus label ID malicious|benign</code>.</p>
${addressTable(unexplained)}`;
  const differences =
    divergent.length > 0 &&
    html`<h2>Where the scores differ most</h2>
${addressTable(divergent)}`;
  return html`${flips}
${differences}`;
}
