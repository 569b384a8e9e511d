import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, callWith, type Json, jsonLines, variablesOf } from '../../fixtures/cli/calls.ts';
import { ACCUSED, type Fields, ndjson } from '../../fixtures/service/connections.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';

const CALLED = '203.0.113.9';
const VISITOR = '198.51.100.7';
const ALLOWED = '203.0.113.77';
const KNOCKERS = ['198.51.100.30', '198.51.100.31', '198.51.100.32'];

const BASE = {
  timestamp: 1_790_000_000,
  protocol: 'tcp',
  bytes_out: 900,
  bytes_in: 400,
  threat_intel: ACCUSED,
};
const outbound = (src_ip: string, dst_ip: string, dst_port: number, more: object = {}) => ({
  ...BASE,
  ...{ src_ip, dst_ip, dst_port, local_orig: true, local_resp: false, state: 'answered' },
  ...more,
});
const inbound = (src_ip: string, dst_port: number, more: object = {}) => ({
  ...BASE,
  ...{ src_ip, dst_ip: '10.0.0.20', dst_port, local_orig: false, local_resp: true, state: 'answered' },
  ...more,
});
const unanswered = { state: 'unanswered', bytes_out: 0, bytes_in: 0 };

let service: ScoringService;
let call: Call;

beforeAll(async () => {
  service = await startScoringService();
  call = callWith(variablesOf(service.stack));
  await call('allow', 'add', ALLOWED, '--reason', 'ours');
  await push([
    outbound('10.0.0.5', CALLED, 8443),
    outbound('10.0.0.6', CALLED, 8443),
    outbound('10.0.0.5', ALLOWED, 443),
    inbound(VISITOR, 22),
    ...KNOCKERS.map((address) => inbound(address, 23, unanswered)),
  ]);
});

afterAll(async () => await service?.stop());

async function push(records: readonly Fields[]): Promise<void> {
  await service.push(ndjson(records));
  await service.drained();
}

async function entries(...args: readonly string[]): Promise<Json[]> {
  const { end, stdout } = await call('attention', '--json', ...args);
  expect(end).toBe(0);
  return jsonLines(stdout);
}

async function shown(...args: readonly string[]): Promise<unknown[]> {
  return (await entries(...args)).map(({ address }) => address);
}

describe('attention', () => {
  it('has one line an address, under what makes it urgent, and one for all that only knocked', async () => {
    const { end, stdout, stderr } = await call('attention');

    expect(end).toBe(0);
    const lines = stdout.split('\n').map((line) => line.trimEnd().replaceAll(/ {2,}/g, ' | '));
    expect(lines).toEqual([
      ' | score | address | service | what was seen | last (UTC)',
      'Bad addresses that your own hosts call',
      expect.stringMatching(
        /^ \| 0\.\d{3} \| 203\.0\.113\.9 \| 8443\/tcp \| .*from 10\.0\.0\.5 and 1 more \| 09-21 /,
      ),
      'Bad addresses from outside that were answered',
      expect.stringMatching(/^ \| 0\.\d{3} \| 198\.51\.100\.7 \| 22\/tcp \| .*at 10\.0\.0\.20 \| 09-21 /),
      '',
    ]);
    expect(stderr).toBe('not shown: 3 addresses from outside that nothing answered (--knocks shows them)\n');
  });

  it('finds who talked to what', async () => {
    expect(await shown('--host', '10.0.0.6')).toEqual([CALLED]);
    expect(await shown('--host', '10.0.0.20')).toEqual([VISITOR]);
    expect(await shown('--host', '10.0.0.20', '--knocks', '--port', '23')).toEqual(KNOCKERS);
    expect(await call('attention', '--host', '10.0.0.99')).toMatchObject({
      end: 0,
      stdout: '',
      stderr: expect.stringMatching(/^no such address since /),
    });
  });

  it('leaves out what the allowlist covers, until it no longer does', async () => {
    expect(await shown()).not.toContain(ALLOWED);

    await call('allow', 'remove', ALLOWED, '--yes');

    expect(await shown('--host', '10.0.0.5')).toEqual([ALLOWED, CALLED]);
  });
});
