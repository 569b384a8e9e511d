import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import { assessRows } from '../../../lib/evaluation/assess-rows.ts';
import { summarize } from '../../../lib/evaluation/evaluate-scorers.ts';
import { renderEvaluationPage } from '../../../lib/evaluation/evaluation-page.ts';
import { parseLabelledRows } from '../../../lib/evaluation/labelled-set.ts';
import { makeCsv } from './labelled-rows.ts';

const ROWS = assessRows(parseLabelledRows(makeCsv()), createConsensus());
const PAGE = renderEvaluationPage([summarize('a <set> & "more".csv', ROWS)]);

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

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

  it('describes its charts to those who cannot see them', () => {
    const descriptions = [...PAGE.matchAll(/role="img" aria-label="([^"]+)"/g)].map(([, text]) => text);

    expect(descriptions).toHaveLength(3);
    expect(descriptions[0]).toContain('true-positive rate by false-positive rate for consensus, statistical');
  });
});

/** What a browser makes of the page: measured by a script that is added to it. */
const PROBE = `<script>
const shown = [...document.querySelectorAll('.chart svg')].filter((svg) => svg.getBoundingClientRect().width > 0);
const lines = shown.map((svg) => [...svg.querySelectorAll('path')].filter((path) => path.getAttribute('fill') === 'none' && path.getTotalLength() > 100).length);
document.body.innerHTML = '<pre id="probe">' + JSON.stringify({
  shown: shown.length,
  lines,
  overflow: document.documentElement.scrollWidth > innerWidth,
  background: getComputedStyle(document.body).backgroundColor,
}) + '</pre>';
</script>`;

describe.skipIf(CHROMIUM === undefined)('in Chromium', () => {
  it.each([
    { theme: 'light', setting: 1, background: 'rgb(255, 255, 255)' },
    { theme: 'dark', setting: 0, background: 'rgb(20, 24, 29)' },
  ])('draws every curve once, in $theme', ({ setting, background }) => {
    const folder = mkdtempSync(join(tmpdir(), 'page-'));
    const path = join(folder, 'page.html');
    writeFileSync(path, PAGE.replace('</body>', `${PROBE}</body>`));

    const dom = execFileSync(
      CHROMIUM ?? '',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--window-size=1200,900',
        `--user-data-dir=${folder}`,
        `--blink-settings=preferredColorScheme=${setting}`,
        '--dump-dom',
        `file://${path}`,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );

    const found = JSON.parse(/id="probe">(.*?)<\/pre>/.exec(dom)?.[1] ?? '{}');
    expect(found).toMatchObject({ shown: 3, overflow: false, background });
    for (const lines of found.lines) expect(lines).toBeGreaterThanOrEqual(5);
  });
});
