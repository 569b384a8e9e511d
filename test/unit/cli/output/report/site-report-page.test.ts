import { describe, expect, it } from 'vitest';
import { headlineOf } from '../../../../../lib/cli/output/report/headline.ts';
import { siteReportLines } from '../../../../../lib/cli/output/report/site-report-lines.ts';
import { renderSiteReport } from '../../../../../lib/cli/output/report/site-report-page.ts';
import type { SiteReport } from '../../../../../lib/cli/results/site-report.ts';
import { emptyReport, reportedAddress, siteReport } from '../../../../factories/site-report.ts';
import { inChromium, lookAt } from '../../../../fixtures/browser.ts';

const HOSTILE = `"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>&amp;$&`;

const REPORT = siteReport({
  environment: HOSTILE,
  table: HOSTILE,
  addresses: [
    reportedAddress(),
    reportedAddress({ address: '2001:db8::1', is_new: false, label: 'malicious', evidence: null }),
    reportedAddress({
      local_hosts: [HOSTILE],
      services: [HOSTILE],
      assessment: HOSTILE,
      evidence: {
        sources: ['activity'],
        votes: [{ scorer: 'ml_based', score: 0.9, reasoning: HOSTILE.repeat(8) }],
        connections: 20_000,
        is_partial: true,
        over_time: [0, 1, 2],
      },
    }),
  ],
  skipped: { [HOSTILE]: 40 },
});
const PAGE = renderSiteReport(REPORT);
const CHARTS = 4;

describe('the page', () => {
  it('needs no script, network or other file', () => {
    const own = renderSiteReport(siteReport());

    expect(own).not.toMatch(/<script|<link|<img|<iframe|@import|src=|href="(?!#)|url\((?!#)|\son\w+=/);
  });

  it('shows what others wrote as text', () => {
    expect(PAGE).not.toMatch(/<script|<img/);
    expect(PAGE).toContain('&quot;&gt;&lt;img src=x onerror=');
  });

  it('leads from what is new to its evidence', () => {
    const [, anchor] = /href="#([^"]+)"/.exec(PAGE) ?? [];

    expect(PAGE).toContain(`<article id="${anchor}">`);
  });

  it('accounts for every entry', () => {
    for (const figures of [/Stored<\/td><td>1,150/, /Duplicates<\/td><td>30/, /Rejected<\/td><td>20/])
      expect(PAGE).toMatch(figures);
  });

  it('says all that there is to say without data', () => {
    const empty = renderSiteReport(emptyReport());

    expect(empty).toContain('No records arrived in this period');
    expect(empty).toContain('Nothing was assessed.');
    expect(empty).not.toContain('class="chart"');
  });
});

describe('the headline', () => {
  const counts = { ...emptyReport().counts };

  it.each<[string, SiteReport, string, RegExp]>([
    ['nothing arrived', emptyReport(), 'unsure', /^No records arrived/],
    [
      'a new address is called',
      siteReport(),
      'alarming',
      /^1 malicious address, new; 1 host of your own calls/,
    ],
    [
      'malicious addresses were known before',
      siteReport({ counts: { ...counts, attention: 2, malicious: 2 }, hosts: [] }),
      'alarming',
      /^2 malicious addresses, all known before$/,
    ],
    [
      'a human has to judge',
      siteReport({ counts: { ...counts, attention: 1 }, hosts: [] }),
      'unsure',
      /^Nothing malicious; 1 address needs a human's judgement$/,
    ],
    [
      'nobody knows anything',
      siteReport({
        counts,
        addresses: [],
        hosts: [],
        traffic: { ...siteReport().traffic, without_evidence: 300 },
      }),
      'unsure',
      /nothing is known about any address/,
    ],
    ['all is well', siteReport({ counts, addresses: [], hosts: [] }), 'quiet', /^Nothing needs attention$/],
  ])('where %s', (_, report, state, text) => {
    expect(headlineOf(report)).toEqual({ state, text: expect.stringMatching(text) });
  });
});

describe('the lines', () => {
  it('say who has to act, why, and what is left out', () => {
    const text = siteReportLines(siteReport()).join('\n');

    expect(text).toMatch(/10\.0\.0\.7 {2}calls 1 malicious address \(203\.0\.113\.9\)/);
    expect(text).toMatch(/203\.0\.113\.9 {2}called by 10\.0\.0\.7, 10\.0\.0\.8 at 443\/tcp, beacon {2}new/);
    expect(text).toMatch(/not shown: 7 addresses from outside that got no answer/);
    expect(text).toMatch(
      /less than \$0\.01 for these records if they were sent packed, about \$0\.12 if sent one per message/,
    );
  });
});

/** Evaluated in the browser: what a reader sees. */
const PROBE = `{
  title: document.title,
  foreign: document.querySelectorAll('script:not(:last-of-type), img').length,
  requests: performance.getEntriesByType('resource').length,
  charts: [...document.querySelectorAll('.chart svg')].filter((svg) => svg.getBoundingClientRect().width > 250).length,
  sparks: [...document.querySelectorAll('.sparkline')].map((svg) => svg.querySelectorAll('rect').length),
  overflow: document.documentElement.scrollWidth > innerWidth,
  background: getComputedStyle(document.body).backgroundColor,
  text: getComputedStyle(document.body).color,
}`;

const LIGHT = { background: 'rgb(255, 255, 255)', text: 'rgb(27, 31, 36)' };
const DARK = { background: 'rgb(20, 24, 29)', text: 'rgb(232, 235, 238)' };

inChromium('the page in Chromium', () => {
  it.each([
    ['wide and light', { width: 1200, theme: 'light' }, LIGHT],
    ['narrow and dark', { width: 500, theme: 'dark' }, DARK],
  ] as const)('shows every chart once, %s', async (_, look, colours) => {
    expect(await lookAt(PAGE, look, PROBE)).toMatchObject({
      title: `Threat report: ${HOSTILE}`,
      foreign: 0,
      requests: 0,
      charts: CHARTS,
      sparks: [36, 2],
      overflow: false,
      ...colours,
    });
  });
});
