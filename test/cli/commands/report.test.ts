import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, callWith, jsonLines, variablesOf } from '../../fixtures/cli/calls.ts';
import { SAMPLE_FILE } from '../../fixtures/sample/generate.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';

/** From the sample: a malicious address, and the local host that calls it. */
const CALLED = '203.0.113.201';
const CALLER = '10.20.4.66';

/** Number of valid records in the sample. */
const SENT = 1_212;

let service: ScoringService;
let call: Call;

beforeAll(async () => {
  service = await startScoringService();
  call = callWith(variablesOf(service.stack));
  expect(await call('push', SAMPLE_FILE)).toMatchObject({ end: 0 });
  await service.drained();
});

afterAll(async () => await service?.stop());

async function reportOf(...args: readonly string[]) {
  const { end, stdout, stderr } = await call('report', ...args, '--json');
  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('a day of traffic', () => {
  it('is reported with who has to act, why, and what became of every record', async () => {
    const report = await reportOf('--limit', '5');

    expect(report).toMatchObject({ environment: null, table: service.stack.names.tableName });
    const { records, stored, duplicates, rejected } = report.traffic;
    expect({ records, accounted: stored + duplicates + rejected }).toEqual({
      records: SENT,
      accounted: SENT,
    });
    expect(report.hosts).toContainEqual(
      expect.objectContaining({
        host: CALLER,
        calls: expect.arrayContaining([expect.objectContaining({ address: CALLED })]),
      }),
    );
    expect(report.addresses).toHaveLength(5);
    const [first] = report.addresses;
    expect(first).toMatchObject({ address: CALLED, urgency: 'calling', is_new: true });
    const { evidence } = first;
    expect(evidence.votes).toHaveLength(3);
    expect(evidence.over_time.reduce((sum: number, count: number) => sum + count)).toBe(evidence.connections);
    expect(report.counts.beyond_limit).toBe(report.counts.attention - 5);
  });

  it('is written as a page, and summed up for people', async () => {
    const file = join(createWorkFolder(), 'report.html');
    const { end, stdout } = await call('report', '--html', file);

    expect(end).toBe(0);
    expect(stdout).toMatch(/^\d+ malicious addresses, all new; 1 host of your own calls/);
    expect(readFileSync(file, 'utf8')).toMatch(
      /^<!doctype html>[\s\S]*Your own hosts at risk[\s\S]*10\.20\.4\.66/,
    );
  });

  it('leaves out what is allowed or labelled benign, and counts it', async () => {
    const before = await reportOf();
    const [first, second] = before.addresses;
    expect(await call('allow', 'add', first.address, '--reason', 'ours', '--owner', 'soc')).toMatchObject({
      end: 0,
    });
    expect(await call('label', second.assessment, 'benign')).toMatchObject({ end: 0 });

    const after = await reportOf();

    expect(after.counts).toMatchObject({ allowed: before.counts.allowed + 1, labelled_benign: 1 });
    const shown = after.addresses.map(({ address }: { address: string }) => address);
    expect(shown).not.toContain(first.address);
    expect(shown).not.toContain(second.address);
    expect(after.hosts.flatMap(({ calls }: { calls: { address: string }[] }) => calls)).not.toContainEqual(
      expect.objectContaining({ address: first.address }),
    );
  });

  it('shows what is labelled malicious with its label, behind what needs a human, and counts it apart', async () => {
    const before = await reportOf();
    const [first] = before.addresses;
    expect(await call('label', first.address, 'malicious')).toMatchObject({ end: 0 });

    const after = await reportOf();
    const { stdout } = await call('report');

    const own = after.addresses.filter(({ address }: { address: string }) => address === first.address);
    expect(own).toMatchObject([{ label: 'malicious', is_settled: true }]);
    expect(after.addresses.at(-1)).toEqual(own[0]);
    expect(after.counts).toMatchObject({
      attention: before.counts.attention - 1,
      malicious: before.counts.malicious,
      labelled_malicious: 1,
    });
    expect(jsonLines((await call('attention', '--limit', '500', '--json')).stdout)).toHaveLength(
      new Set(
        after.addresses
          .filter(({ is_settled }: { is_settled: boolean }) => !is_settled)
          .map(({ address }: { address: string }) => address),
      ).size,
    );
    expect(stdout).toMatch(/^\d+ malicious addresses, all new, 1 labelled already/);
    expect(stdout).toMatch(/labelled malicious$/m);
  });

  it('says that nothing arrived, where nothing did', async () => {
    const { end, stdout } = await call('report', '--since', '9d', '--until', '8d');

    expect(end).toBe(0);
    expect(stdout).toMatch(/^No records arrived in this period/);
  });

  it('leaves no file behind where it is called wrongly', async () => {
    const file = join(createWorkFolder(), 'report.html');
    const outcome = await call('report', '--since', '1h', '--until', '2h', '--html', file);

    expect(outcome).toMatchObject({ end: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: --until must be later than --since/);
    expect(existsSync(file)).toBe(false);
  });
});
