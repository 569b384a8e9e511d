import { describe, expect, it } from 'vitest';
import { CliError } from '../../../../../lib/cli/cli-error.ts';
import { type ExportOptions, exportPlan } from '../../../../../lib/cli/use/export/export-plan.ts';

const NOW_MS = Date.UTC(2026, 8, 21);
const DAY_MS = 86_400_000;

describe('exportPlan', () => {
  it.each<[string | undefined, ExportOptions, string, string]>([
    [undefined, {}, 'assessments', 'jsonl'],
    ['connections', {}, 'connections', 'jsonl'],
    ['assessments', { output: 'a.CSV' }, 'assessments', 'csv'],
    ['assessments', { output: 'a.csv', format: 'jsonl' }, 'assessments', 'jsonl'],
    [undefined, { output: 'legacy.db' }, 'assessments', 'sqlite'],
    ['connections', { output: 'legacy.sqlite' }, 'connections', 'sqlite'],
    [undefined, { labels: true }, 'labels', 'csv'],
    [undefined, { labels: true, format: 'csv', output: 'labels.txt' }, 'labels', 'csv'],
  ])('%s %j is %s as %s', (what, options, kind, format) => {
    expect(exportPlan(what, options, NOW_MS)).toMatchObject({ kind, format });
  });

  it('takes what assessments are kept for, and of an address everything', () => {
    const rangeOf = (options: ExportOptions) => exportPlan(undefined, options, NOW_MS).selection.range;

    expect(rangeOf({}).fromMs).toBe(NOW_MS - 90 * DAY_MS);
    expect(rangeOf({ labels: true }).fromMs).toBe(NOW_MS - 365 * DAY_MS);
    expect(rangeOf({ address: '9.9.9.9' }).fromMs).toBe(0);
    expect(rangeOf({ address: '9.9.9.9', since: NOW_MS - 5 }).fromMs).toBe(NOW_MS - 5);
  });

  it('ends where the next export begins', () => {
    const { range } = exportPlan(undefined, { since: 1_000, until: 2_000 }, NOW_MS).selection;

    expect(range).toEqual({ fromMs: 1_000, toMs: 1_999, nowMs: NOW_MS });
  });

  it('knows an address by any spelling', () => {
    const { selection } = exportPlan(undefined, { address: '2001:0DB8::0:1' }, NOW_MS);

    expect(selection.address).toBe('2001:db8::1');
  });

  it.each<[string | undefined, ExportOptions, string]>([
    ['everything', {}, '"everything" is neither assessments nor connections; use --labels for labels'],
    [
      'assessments',
      { output: 'a.xlsx' },
      'no format has the ending ".xlsx": name the file .csv, .jsonl or .sqlite, or use --format',
    ],
    [
      'connections',
      { output: 'a.csv.gz' },
      'no format has the ending ".gz": name the file .csv, .jsonl or .sqlite, or use --format',
    ],
    [
      undefined,
      { labels: true, output: 'a.xlsx' },
      'no format has the ending ".xlsx": name the file .csv, .jsonl or .sqlite, or use --format',
    ],
    [undefined, { seenSince: 5, seenUntil: 5 }, '--seen-until must be later than --seen-since'],
    ['connections', { labels: true }, '--labels exports labelled rows, not connections: leave one out'],
    [undefined, { format: 'sqlite' }, 'a SQLite database needs a file: use --output FILE'],
    [undefined, { format: 'sqlite', output: '-' }, 'a SQLite database needs a file: use --output FILE'],
    [
      undefined,
      { labels: true, output: 'labels.db' },
      'labels are exported as CSV; a SQLite file has them in its table consensus_assessments',
    ],
    [
      undefined,
      { labels: true, format: 'jsonl' },
      'labels are exported as CSV, for training; `labels --json` prints them as JSON',
    ],
    [undefined, { address: 'nowhere' }, '"nowhere" is not an IPv4 or IPv6 address'],
    [undefined, { since: 2_000, until: 2_000 }, '--until must be later than --since'],
  ])('refuses %s %j in one line', (what, options, message) => {
    expect(() => exportPlan(what, options, NOW_MS)).toThrow(new CliError(message, 2));
  });
});
