import { describe, expect, it } from 'vitest';
import { type BarChartOptions, renderBarChart } from '../../../lib/charts/bar-chart.ts';
import { renderLineChart } from '../../../lib/charts/line-chart.ts';
import { renderTimeChart } from '../../../lib/charts/time-chart.ts';

const HOSTILE = '"><script>alert(1)</script>';

function bars(values: readonly number[], changes: Partial<BarChartOptions> = {}): string {
  const chart = renderBarChart({
    description: 'counts',
    xLabel: 'score',
    yLabel: 'assessments',
    categories: values.map((_, index) => `c${index}`),
    series: [{ name: 'all', values, color: 0 }],
    ...changes,
  });
  return chart.toString();
}

/** Texts of a chart in both themes. */
function textsOf(chart: string): string[] {
  return [...chart.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
}

const CHARTS: readonly [string, (text: string) => string][] = [
  ['bars', (text) => bars([1, 2], { description: text, xLabel: text, categories: [text, text] })],
  [
    'a share over time',
    (text) =>
      renderTimeChart({
        description: text,
        xLabel: text,
        yLabel: text,
        steps: [text, 'b'],
        shares: [0.5, 1],
      }).toString(),
  ],
  [
    'lines',
    (text) =>
      renderLineChart({
        description: text,
        xLabel: text,
        yLabel: text,
        series: [{ name: text, points: [[0, 1]], color: 0 }],
      }).toString(),
  ],
];

describe.each(CHARTS)('%s', (_, render) => {
  it('shows text as text, whatever it holds', () => {
    const chart = render(HOSTILE);

    expect(chart).not.toContain('<script');
    expect(chart).toContain('&lt;script&gt;');
  });

  it('is drawn once for each theme, and is the same text every time', () => {
    const chart = render('plain');

    expect(chart.match(/<svg /g)).toHaveLength(2);
    expect(render('plain')).toBe(chart);
  });
});

describe('bars', () => {
  it('of very different sizes stand on a logarithmic axis, which says so', () => {
    expect(textsOf(bars([1, 0, 5_000]))).toEqual(
      expect.arrayContaining(['assessments (log)', '10', '1,000']),
    );
    expect(textsOf(bars([100, 0, 4_999]))).toContain('assessments');
  });

  it('on top of each other stand on a linear one', () => {
    expect(textsOf(bars([1, 5_000], { isStacked: true }))).toContain('assessments');
  });

  it('without anything in them are drawn', () => {
    expect(textsOf(bars([0, 0]))).toContain('c1');
  });
});

it('a share over time is broken where there is none', () => {
  const chart = (shares: readonly (number | null)[]) =>
    renderTimeChart({ description: '', xLabel: '', yLabel: '', steps: ['a', 'b', 'c'], shares }).toString();

  expect(chart([0.1, null, 0.9])).not.toBe(chart([0.1, 0.5, 0.9]));
  expect(textsOf(chart([null, null, null]))).toContain('100');
});
