import { type Html, html } from '../charts/html.ts';
import { type LineChartOptions, type LineChartSeries, renderLineChart } from '../charts/line-chart.ts';
import { renderLegend, renderPage } from '../charts/page.ts';
import { ENGINE_VERSION } from '../consensus/engine-version.ts';
import { CONTENDERS } from './assess-rows.ts';
import { conclude } from './conclude.ts';
import type { Curves } from './curves.ts';
import type { SetEvaluation } from './evaluate-scorers.ts';
import { COLUMNS, percent } from './format-evaluation.ts';
import type { Metrics } from './metrics.ts';

/** A standalone page with figures and curves of each set. */
export function renderEvaluationPage(evaluations: readonly SetEvaluation[]): string {
  const introduction = html`<p>Engine ${ENGINE_VERSION}. Small figures are 95 % intervals from resampling whole networks. Labels are incomplete: what no list names is not proved harmless.</p>`;
  return renderPage(
    'How well the scorers tell malicious from benign',
    html`${introduction}
${renderMeanings()}
${renderLegend(CONTENDERS)}
${evaluations.map(renderSet)}`,
  );
}

/** Meaning of each column, and which direction is better. */
const MEANINGS: Readonly<Record<keyof Metrics, string>> = {
  auc: 'probability that a malicious row scores above a benign one; 0.5 is chance, 1 is perfect',
  averagePrecision: 'precision averaged over recall; chance is the share of malicious rows, 1 is perfect',
  brier: 'mean squared difference between score and outcome; 0 is perfect',
  calibrationError: 'how far scores are from the shares of malicious rows, on average; 0 is perfect',
  recall: 'share of malicious rows that reach the malicious threshold; higher is better',
  falsePositiveRate: 'share of benign rows that reach it; lower is better',
};

function renderMeanings(): Html {
  const items = COLUMNS.map(([heading, metric]) => html`<li><b>${heading}</b>: ${MEANINGS[metric]}</li>`);
  return html`<ul class="meanings">${items}</ul>`;
}

function renderSet(evaluation: SetEvaluation): Html {
  const { name, rowCount, prevalence, baseRateBrier, highUncertainty } = evaluation;
  return html`<section>
<h2>${name}</h2>
<p>${rowCount.toLocaleString('en')} rows, ${percent(prevalence)} malicious; Brier score of the base rate ${baseRateBrier.toFixed(4)}; high uncertainty ${percent(highUncertainty)}.</p>
<ul class="conclusions">${conclude(evaluation).map((sentence) => html`<li>${sentence}</li>`)}</ul>
${renderFigures(evaluation)}
<div class="charts">
${renderCurve(evaluation, 'ROC', {
  xLabel: 'false-positive rate',
  yLabel: 'true-positive rate',
  hasDiagonal: true,
  pointsOf: ({ roc }) => roc,
})}
${renderCurve(evaluation, 'Precision and recall', {
  xLabel: 'recall',
  yLabel: 'precision',
  pointsOf: ({ precisionRecall }) => precisionRecall,
})}
${renderCurve(evaluation, 'Reliability', {
  xLabel: 'mean score',
  yLabel: 'share malicious',
  hasDiagonal: true,
  hasMarks: true,
  pointsOf: ({ reliability }) => reliability.map(([score, share]) => [score, share] as const),
})}
</div>
${renderCorrelations(evaluation)}
</section>
`;
}

interface Curve extends Pick<LineChartOptions, 'xLabel' | 'yLabel' | 'hasDiagonal'> {
  readonly hasMarks?: boolean;
  readonly pointsOf: (curves: Curves) => LineChartSeries['points'];
}

function renderCurve({ name, contenders }: SetEvaluation, title: string, curve: Curve): Html {
  const { pointsOf, hasMarks = false, ...axes } = curve;
  const series = CONTENDERS.map(
    (contender, color): LineChartSeries => ({
      name: contender,
      color,
      points: pointsOf(contenders[contender].curves),
      isBold: contender === 'consensus',
      isDashed: contender === 'baseline',
      hasMarks,
    }),
  );
  const description = `${title} of ${name}: ${axes.yLabel} by ${axes.xLabel} for ${CONTENDERS.join(', ')}`;
  // The line drawn last is on top.
  const chart = renderLineChart({ ...axes, description, series: series.toReversed() });
  return html`<figure><h3>${title}</h3>${chart}</figure>`;
}

function renderFigures({ contenders }: SetEvaluation): Html {
  const heading = COLUMNS.map(([text]) => html`<th scope="col">${text}</th>`);
  const rows = CONTENDERS.map((contender) => {
    const { metrics, intervals } = contenders[contender];
    const cells = COLUMNS.map(([, metric, decimals]) => {
      const [low, high] = intervals[metric].map((end) => end.toFixed(decimals));
      return html`<td>${metrics[metric].toFixed(decimals)}<small>${low} to ${high}</small></td>`;
    });
    return html`<tr><th scope="row">${contender}</th>${cells}</tr>`;
  });
  return html`<div class="table"><table><thead><tr><th scope="col">scorer</th>${heading}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function renderCorrelations({ errorCorrelations }: SetEvaluation): Html {
  const rows = errorCorrelations.map(
    ({ scorers, correlation: { all, malicious, benign } }) =>
      html`<tr><th scope="row">${scorers.join(' and ')}</th>${[all, malicious, benign].map((value) => html`<td>${value.toFixed(2)}</td>`)}</tr>`,
  );
  return html`<div class="table"><table><thead><tr><th scope="col">correlation of errors</th><th scope="col">all rows</th><th scope="col">malicious</th><th scope="col">benign</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
