import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../../../lib/cli/output/compare/report-page.ts';
import { dayOf, divergent, reportOn } from '../../../../factories/readiness.ts';
import { label } from '../../../../factories/summaries.ts';
import { inChromium, lookAt } from '../../../../fixtures/browser.ts';

const HOSTILE = `"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>&amp;$&`;

const REPORT = reportOn(
  dayOf([
    [0.2, 0.95],
    [0.8, 0.1, { abuseipdb: { confidence_score: 80, total_reports: 1 } }],
  ]),
  {
    environment: HOSTILE,
    labels: [label()],
    remarks: [HOSTILE],
    details: {
      divergent: [
        divergent(),
        divergent({ address: '2001:db8::1', flip: null, flip_reasons: [], label: 'benign' }),
        divergent({
          protocol: HOSTILE,
          legacy_reasoning: HOSTILE,
          votes: [{ scorer: 'ml_based', score: 0.9, reasoning: HOSTILE.repeat(8) }],
        }),
      ],
      unexplained: [divergent({ flip_reasons: [] })],
    },
  },
);
const PAGE = renderReport(REPORT);
const CHARTS = 4;

describe('the page', () => {
  it('needs no script, network or other file', () => {
    const own = renderReport(reportOn(dayOf([[0.2, 0.95]])));

    expect(own).not.toMatch(/<script|<link|<img|<iframe|@import|(?:src|href)=|url\((?!#)|\son\w+=/);
  });

  it('is the same text for the same figures', () => {
    expect(renderReport(REPORT)).toBe(PAGE);
  });

  it('shows what others wrote as text', () => {
    expect(PAGE).not.toMatch(/<script|<img/);
    expect(PAGE).toContain('&quot;&gt;&lt;img src=x onerror=');
  });

  it('describes its charts to those who cannot see them', () => {
    const descriptions = [...PAGE.matchAll(/role="img" aria-label="([^"]+)"/g)].map(([, text]) => text ?? '');

    expect(descriptions).toHaveLength(CHARTS);
    expect(descriptions[2]).toMatch(/24 newly malicious, 24 no longer malicious/);
  });

  it('says where the figures are from', () => {
    const page = renderReport(reportOn(dayOf(), { environment: 'prod' }));

    expect(page).toContain('environment prod, table connections; made 2026-11-22 12:00 UTC by version 1.2.3');
  });

  it('says in its banner what is missing', () => {
    const [, banner] = /<div class="verdict not-ready">(.*?)<\/div>/s.exec(renderReport(reportOn([]))) ?? [];

    expect(banner).toContain('<li>Latency, p99: no data, must be below 100 ms</li>');
  });

  it('says all that there is to say without data', () => {
    const empty = renderReport(reportOn([]));

    expect(empty).toContain('Not ready: 7 of 7 gates failed');
    expect(empty).toContain('No message arrived in this period.');
    expect(empty).not.toContain('class="chart"');
  });
});

/** Evaluated in the browser: what a reader sees. */
const PROBE = `{
  title: document.title,
  foreign: document.querySelectorAll('script:not(:last-of-type), img').length,
  requests: performance.getEntriesByType('resource').length,
  charts: [...document.querySelectorAll('.chart svg')].filter((svg) => svg.getBoundingClientRect().width > 250).length,
  drawn: [...document.querySelectorAll('.chart')].map((chart) => [...chart.querySelectorAll('path')].filter((path) => {
    const { width, height } = path.getBoundingClientRect();
    return width > 4 && height > 4;
  }).length),
  overflow: document.documentElement.scrollWidth > innerWidth,
  background: getComputedStyle(document.body).backgroundColor,
  text: getComputedStyle(document.body).color,
  verdict: document.querySelector('.verdict').textContent,
}`;

const LIGHT = { background: 'rgb(255, 255, 255)', text: 'rgb(27, 31, 36)' };
const DARK = { background: 'rgb(20, 24, 29)', text: 'rgb(232, 235, 238)' };

inChromium('the page in Chromium', () => {
  it.each([
    ['wide and light', { width: 1200, theme: 'light' }, LIGHT],
    ['narrow and dark', { width: 500, theme: 'dark' }, DARK],
  ] as const)('shows every chart once, %s', async (_, look, colours) => {
    const seen = (await lookAt(PAGE, look, PROBE)) as { readonly drawn: number[] };

    expect(seen).toMatchObject({
      title: `Readiness report: ${HOSTILE}`,
      foreign: 0,
      requests: 0,
      charts: CHARTS,
      overflow: false,
      verdict: expect.stringMatching(/^✗ Not ready: 1 of 7 gates failed.*must be at most/),
      ...colours,
    });
    for (const drawn of seen.drawn) expect(drawn).toBeGreaterThanOrEqual(2);
  });
});
