import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, callWith, type Json, jsonLines, variablesOf } from '../../fixtures/cli/calls.ts';
import { connectionsTo, ndjson } from '../../fixtures/service/connections.ts';
import {
  EVENTUALLY,
  type ScoringService,
  startScoringService,
} from '../../fixtures/service/scoring-service.ts';

let service: ScoringService;
let call: Call;

beforeAll(async () => {
  service = await startScoringService({ functionEnvironment: { SETTINGS_MAX_AGE_SECONDS: '1' } });
  call = callWith(variablesOf(service.stack));
});

afterAll(async () => await service?.stop());

async function json(...args: readonly string[]): Promise<Json[]> {
  const { end, stdout, stderr } = await call(...args, '--json');
  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  return jsonLines(stdout);
}

async function totals(): Promise<Readonly<Record<string, number>>> {
  const [statistics] = await json('stats');
  return (statistics?.totals ?? {}) as Readonly<Record<string, number>>;
}

const ACCUSED = { virustotal: { malicious_vendors: 60, total_vendors: 94 } };
let pushed = 0;

/** Scores a connection of each of three addresses, all new. */
async function push(): Promise<void> {
  pushed++;
  const records = connectionsTo('203.0.113', 3).map((record) => ({
    ...record,
    bytes: pushed,
    threat_intel: ACCUSED,
  }));
  await service.push(ndjson(records));
  await service.drained();
}

describe('allow', () => {
  it('says what is wrong with a call, before it changes anything', async () => {
    const why = ['--reason', 'ours'];
    for (const [args, message] of [
      [['10.0.0.0/33', ...why], 'error: "10.0.0.0/33" is neither an IP address nor a CIDR block\n'],
      [
        ['11.0.0.0/8', ...why],
        'error: 11.0.0.0/8 covers a large part of the internet: name a smaller network, or use --force\n',
      ],
      [['203.0.113.1', '--reason', ' '], 'error: --reason: expected one line of up to 200 characters\n'],
    ] as const) {
      expect(await call('allow', 'add', ...args)).toEqual({ end: 2, stdout: '', stderr: message });
    }
    expect(await call('allow', 'list')).toEqual({ end: 0, stdout: '', stderr: 'nothing is allowed\n' });
  });

  it('leaves what it covers out of the figures while its score is kept, until it is removed', async () => {
    await push();
    const before = await totals();
    const [added] = await json(
      'allow',
      'add',
      '203.0.113.1',
      '--reason',
      'our scanner',
      '--owner',
      'soc',
      '--expires',
      '30d',
    );
    expect(added).toMatchObject({
      network: '203.0.113.1/32',
      reason: 'our scanner',
      owner: 'soc',
      replaced: false,
    });

    await expect
      .poll(async () => {
        await push();
        return (await json('assessments', '203.0.113.1', '--limit', '1'))[0]?.allowed;
      }, EVENTUALLY)
      .toBe(added?.id);
    const [latest, earlier] = await json('assessments', '203.0.113.1');
    expect(latest?.threat_score).toBe(earlier?.threat_score);
    const after = await totals();
    const allowed = after.allowed ?? 0;
    expect(allowed).toBeGreaterThan(0);
    expect(after.malicious).toBe(3 * pushed - allowed);
    expect(before.allowed).toBe(0);
  });

  it('says why, in words and for programs', async () => {
    const { stdout } = await call('allow', 'why', '203.0.113.1');
    expect(stdout).toContain('203.0.113.1 is allowed by this entry:');
    expect(stdout).toContain('our scanner (soc, ');
    expect(stdout).toMatch(/its latest score is 0\.\d{3}; `assessments 203\.0\.113\.1` shows why\n$/);
    expect(await json('allow', 'why', '203.0.113.2')).toMatchObject([{ allowed: false, entries: [] }]);
  });

  it('reports a label that says the opposite', async () => {
    const [assessment] = await json('assessments', '203.0.113.2', '--limit', '1');
    await json('label', String(assessment?.id), 'malicious');

    const { stdout } = await call(
      'allow',
      'add',
      '203.0.113.0/30',
      '--reason',
      'lab',
      '--direction',
      'outbound',
    );

    expect(stdout).toMatch(/^203\.0\.113\.0\/30, outbound is allowed, until it is removed: entry \w{8}\n/);
    expect(stdout).toContain('but 203.0.113.2 was labelled malicious on ');
  });

  it('removes an entry by its network', async () => {
    expect(await call('allow', 'remove', '203.0.113.1', '--yes')).toMatchObject({
      end: 0,
      stdout: '203.0.113.1 is no longer allowed; takes effect within 36 seconds\n',
    });
    expect(await call('allow', 'remove', '203.0.113.1', '--yes')).toEqual({
      end: 1,
      stdout: '',
      stderr: 'error: the allowlist has no entry 203.0.113.1: see `allow list`\n',
    });
    expect(await json('allow', 'list')).toMatchObject([{ network: '203.0.113.0/30', direction: 'outbound' }]);
  });
});
