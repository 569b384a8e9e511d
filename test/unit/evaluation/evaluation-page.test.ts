import { describe, expect, it } from 'vitest';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import { assessRows } from '../../../lib/evaluation/assess-rows.ts';
import { conclude } from '../../../lib/evaluation/conclude.ts';
import { summarize } from '../../../lib/evaluation/evaluate-scorers.ts';
import { renderEvaluationPage } from '../../../lib/evaluation/evaluation-page.ts';
import { parseLabelledRows } from '../../../lib/evaluation/labelled-set.ts';
import { inChromium, lookAt } from '../../fixtures/browser.ts';
import { makeCsv } from './labelled-rows.ts';

const ROWS = assessRows(parseLabelledRows(makeCsv()), createConsensus());
const PAGE = renderEvaluationPage([summarize('a <set> & "more".csv', ROWS)]);

describe('the page', () => {
  it('needs no script, network or other file', () => {
    expect(PAGE).not.toMatch(/<script|<link|@import|(?:src|href)=|url\((?!#)/);
  });

  it('is the same text for the same figures', () => {
    expect(renderEvaluationPage([summarize('a <set> & "more".csv', ROWS)])).toBe(PAGE);
  });

  it('shows names as they are', () => {
    expect(PAGE).toContain('<h2>a &lt;set&gt; &amp; &quot;more&quot;.csv</h2>');
  });

  it('explains each figure, and draws a conclusion', () => {
    expect(PAGE.match(/<li><b>(?:AUC|AP|Brier|ECE|recall|FPR)<\/b>: /g)).toHaveLength(6);
    expect(PAGE).toMatch(/<li>At the malicious threshold the consensus finds [\d.]+ % of the malicious rows/);
  });

  it.each([
    [[0.1, 0.2], [0.3, 0.4], 0.05, /ranks .* worse than the baseline.*worse probabilities/],
    [[0.5, 0.6], [0.3, 0.4], 0.7, /ranks .* better than the baseline.*are better probabilities/],
    [[0.3, 0.6], [0.2, 0.4], 0.5, /not shown to rank .*not shown to be better/],
  ] as const)('concludes nothing that the intervals %j and %j leave open', (own, other, baseRate, text) => {
    const evaluation = summarize('set', ROWS);
    const { consensus, baseline } = evaluation.contenders;
    const contenders = {
      ...evaluation.contenders,
      consensus: { ...consensus, intervals: { ...consensus.intervals, auc: own, brier: own } },
      baseline: { ...baseline, intervals: { ...baseline.intervals, auc: other } },
    };

    expect(conclude({ ...evaluation, contenders, baseRateBrier: baseRate }).join(' ')).toMatch(text);
  });

  it('describes its charts to those who cannot see them', () => {
    const descriptions = [...PAGE.matchAll(/role="img" aria-label="([^"]+)"/g)].map(([, text]) => text);

    expect(descriptions).toHaveLength(3);
    expect(descriptions[0]).toContain('true-positive rate by false-positive rate for consensus, statistical');
  });
});

/** Evaluated in the browser. */
const PROBE = `(() => {
  const shown = [...document.querySelectorAll('.chart svg')].filter((svg) => svg.getBoundingClientRect().width > 0);
  const curves = (svg) => [...svg.querySelectorAll('path')]
    .filter((path) => path.getAttribute('fill') === 'none' && path.getTotalLength() > 100);
  return {
    shown: shown.length,
    curves: shown.map((svg) => curves(svg).length),
    overflow: document.documentElement.scrollWidth > innerWidth,
    background: getComputedStyle(document.body).backgroundColor,
  };
})()`;

inChromium('the page in Chromium', () => {
  it.each([
    { theme: 'light', background: 'rgb(255, 255, 255)' },
    { theme: 'dark', background: 'rgb(20, 24, 29)' },
  ] as const)('draws every curve once, in $theme', async ({ theme, background }) => {
    const seen = (await lookAt(PAGE, { width: 1200, theme }, PROBE)) as { readonly curves: number[] };

    expect(seen).toMatchObject({ shown: 3, overflow: false, background });
    for (const curves of seen.curves) expect(curves).toBeGreaterThanOrEqual(5);
  });
});
