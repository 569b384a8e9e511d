import { renderBarChart } from '../../../charts/bar-chart.ts';
import { renderFigures } from '../../../charts/figures.ts';
import { renderHeatMap } from '../../../charts/heat-map.ts';
import { type Html, html } from '../../../charts/html.ts';
import { renderLegend, renderPage } from '../../../charts/page.ts';
import { renderTable } from '../../../charts/table.ts';
import { renderTimeChart } from '../../../charts/time-chart.ts';
import { SCORER_NAMES } from '../../../consensus/vote.ts';
import { grouped } from '../../../statistics/count-text.ts';
import { countFlips } from '../../../statistics/flips.ts';
import type { Judgement } from '../../../statistics/judged-labels.ts';
import type { ReadinessReport } from '../../../statistics/readiness-report.ts';
import { addressTable } from './address-table.ts';
import { gateText } from './gate-text.ts';
import { REPORT_STYLE } from './report-style.ts';
import { difference, percent, score, stepNames, tenth, verdictText } from './wording.ts';

/** The report as a page of its own: no script, no network, nothing beside it. */
export function renderReport(report: ReadinessReport): string {
  const { environment, messages } = report;
  const title = environment === null ? 'Readiness report' : `Readiness report: ${environment}`;
  const evidence =
    messages.compared > 0 &&
    html`${renderOverview(report)}
${renderCharts(report)}
${renderScorers(report)}
${renderAddresses(report)}`;
  const body = html`${renderVerdict(report)}
${renderGates(report)}
${evidence}`;
  return renderPage(title, body, REPORT_STYLE);
}

function renderVerdict(report: ReadinessReport): Html {
  const { ready, since, until, remarks, settings } = report;
  const state = ready ? 'ready' : 'not-ready';
  const inForce = settings.at(-1);
  const by = inForce === undefined ? '' : `; settings ${inForce.settings}`;
  const list = remarks.map((remark) => html`<li>${remark}</li>`);
  return html`<p class="period">${`${shortTime(since)} to ${shortTime(until)} UTC${by}`}</p>
<p class="verdict ${state}">${ready ? '✓' : '✗'} ${verdictText(report)}</p>
${list.length > 0 && html`<ul class="remarks">${list}</ul>`}`;
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
    [grouped(flips.no_longer_malicious), 'malicious no more'],
    [difference(average_difference), 'average difference, consensus minus legacy'],
  ] as const;
  return html`<h2>What would change</h2>${renderFigures(figures)}`;
}

function renderCharts(report: ReadinessReport): Html {
  const charts: readonly (readonly [string, Html])[] = [
    ['Scores', html`${renderLegend(['legacy', 'consensus'])}${renderDistributions(report)}`],
    ['Flips at the malicious threshold', renderFlips(report)],
    ['Agreement over time', renderAgreement(report)],
    [
      'Flips over time',
      html`${renderLegend(['malicious no more', 'newly malicious'])}${renderFlipsOverTime(report)}`,
    ],
    ['How far the scores are apart', renderDivergences(report)],
    ['Votes', html`${renderLegend(['average score', 'average confidence'])}${renderVotes(report)}`],
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
      { name: 'legacy', values: comparison.legacy_histogram, color: 0 },
      { name: 'consensus', values: comparison.consensus_histogram, color: 1 },
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
    series: [{ name: 'assessments', values: divergence_histogram, color: 3 }],
  });
}

/** On the diagonal nothing changes. */
const UNCHANGED = 4;
const CHANGED = 1;

function renderFlips({ comparison, malicious_threshold }: ReadinessReport): Html {
  const { flips, compared } = comparison;
  const { neither, newlyMalicious, noLongerMalicious, both } = countFlips(flips);
  const label = (count: number) => `${grouped(count)}\n${percent(count / Math.max(1, compared))}`;
  return renderHeatMap({
    description: `Below the malicious threshold by both scores ${neither}, newly malicious ${newlyMalicious}, malicious no more ${noLongerMalicious}, malicious by both ${both}`,
    xLabel: 'by the consensus score',
    yLabel: 'by the legacy score',
    columns: [`below ${malicious_threshold}`, 'malicious'],
    rows: [`below ${malicious_threshold}`, 'malicious'],
    counts: flips,
    labels: flips.map((counts) => counts.map(label)),
    colors: [
      [UNCHANGED, CHANGED],
      [CHANGED, UNCHANGED],
    ],
  });
}

function renderAgreement({ over_time }: ReadinessReport): Html {
  const seen = over_time.flatMap(({ agreement_rate }) => agreement_rate ?? []);
  return renderTimeChart({
    description: `Share of assessments whose scores agree, over time: from ${percent(Math.min(...seen))} to ${percent(Math.max(...seen))}`,
    xLabel: 'time, UTC',
    yLabel: 'agree, %',
    steps: stepNames(over_time),
    shares: over_time.map(({ agreement_rate }) => agreement_rate),
  });
}

function renderFlipsOverTime({ over_time, flips }: ReadinessReport): Html {
  return renderBarChart({
    description: `Flips over time: ${flips.newly_malicious} newly malicious, ${flips.no_longer_malicious} malicious no more`,
    xLabel: 'time, UTC',
    yLabel: 'flips',
    categories: stepNames(over_time),
    isStacked: true,
    series: [
      {
        name: 'malicious no more',
        values: over_time.map(({ no_longer_malicious }) => no_longer_malicious),
        color: 0,
      },
      { name: 'newly malicious', values: over_time.map(({ newly_malicious }) => newly_malicious), color: 1 },
    ],
  });
}

function renderVotes({ scorers }: ReadinessReport): Html {
  const averages = SCORER_NAMES.map(
    (name) => `${name} ${score(scorers[name].average_score)}, ${score(scorers[name].average_confidence)}`,
  );
  return renderBarChart({
    description: `Average score and confidence of each scorer's votes: ${averages.join('; ')}`,
    xLabel: 'scorer',
    yLabel: 'average',
    categories: SCORER_NAMES,
    largest: 1,
    series: [
      {
        name: 'average score',
        values: SCORER_NAMES.map((name) => scorers[name].average_score ?? 0),
        color: 0,
      },
      {
        name: 'average confidence',
        values: SCORER_NAMES.map((name) => scorers[name].average_confidence ?? 0),
        color: 1,
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
      ? html`<p>Nothing was labelled in this time.</p>`
      : html`<p>${grouped(malicious)} labelled malicious and ${grouped(benign)} benign since the beginning of this time.</p>
${renderTable('labels', ['Score', 'Labels', 'Accuracy', 'Missed', 'False alarms'], accuracies)}`;
  return html`<h2>Scorers</h2>
${renderTable('scorers', ['Scorer', 'Votes', 'Failures', 'Failure rate', 'Average score', 'Average confidence'], behaviour)}
<h2>Against labels</h2>
${judgement}`;
}

function renderAddresses({ divergent, unexplained }: ReadinessReport): Html {
  const flips =
    unexplained.length > 0 &&
    html`<h2>Flips that nothing explains</h2><p>Look at them, and label what they turn out to be: <code>threat-consensus label ID malicious|benign</code>.</p>
${addressTable(unexplained)}`;
  const differences =
    divergent.length > 0 &&
    html`<h2>Where the scores differ most</h2>
${addressTable(divergent)}`;
  return html`${flips}
${differences}`;
}
