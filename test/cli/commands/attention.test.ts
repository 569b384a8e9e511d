import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDecided } from '../../../lib/announcement/decided.ts';
import { getAnnounced } from '../../../lib/store/announced.ts';
import { type Call, callWith, type Json, jsonLines, variablesOf } from '../../fixtures/cli/calls.ts';
import { ACCUSED, type Fields, ndjson } from '../../fixtures/service/connections.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';

const CALLED = '203.0.113.9';
const VISITOR = '198.51.100.7';
/** Called from inside, and also comes from outside. */
const TWICE = '203.0.113.50';
const SWEEPER = '10.0.0.66';
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

async function verdicts(address: string): Promise<Json[]> {
  return jsonLines((await call('assessments', address, '--json')).stdout);
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
      'Bad outside addresses that got an answer',
      expect.stringMatching(/^ \| 0\.\d{3} \| 198\.51\.100\.7 \| 22\/tcp \| .*at 10\.0\.0\.20 \| 09-21 /),
      '',
    ]);
    expect(stderr).toBe('not shown: 3 addresses from outside that got no answer (--knocks shows them)\n');
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

describe('hosts', () => {
  it('are first those that call something bad, then those that try many targets in vain, then those that were reached', async () => {
    await push(
      Array.from({ length: 80 }, (_, n) => ({
        ...BASE,
        ...{ src_ip: SWEEPER, dst_ip: `192.0.2.${n + 1}`, dst_port: 445, threat_intel: undefined },
        ...{ local_orig: true, local_resp: false, state: 'refused', bytes_out: 0, bytes_in: 0 },
      })),
    );

    const { stdout } = await call('hosts');
    const hosts = jsonLines((await call('hosts', '--json')).stdout);

    expect(hosts).toMatchObject([
      { host: '10.0.0.5', worst: { urgency: 'calling' }, addresses: 2 },
      { host: '10.0.0.6', worst: { address: CALLED, urgency: 'calling' }, addresses: 1 },
      { host: SWEEPER, fan_out: { pattern: 'sweep', port: 445, addresses: 80, unanswered: 80 } },
      { host: '10.0.0.20', worst: { address: VISITOR, urgency: 'answered' }, addresses: 1 },
    ]);
    expect(stdout).toMatch(
      /^ {2}0\.\d{3} {2}10\.0\.0\.5 +calls 2 malicious addresses \(203\.0\.113\.\d+, 203\.0\.113\.\d+\)$/m,
    );
    expect(stdout).toMatch(
      /^ {2}0\.\d{3} {2}10\.0\.0\.20 +answered 1 malicious address \(198\.51\.100\.7\)$/m,
    );
    expect(stdout).toMatch(/^ {2}sweep {2}10\.0\.0\.66 tried 80 addresses at port 445\/tcp; 80 of /m);
  });

  it('are none where nothing came', async () => {
    expect(await call('hosts', '--since', '0m')).toMatchObject({
      end: 0,
      stdout: '',
      stderr: expect.stringMatching(/^no host of your own needs a look since /),
    });
  });
});

describe('a label', () => {
  const decided = async (address: string) => {
    const found = await getAnnounced(service.table, [address], { isConsistent: true });
    return readDecided(found.get(address)?.decided ?? '{}');
  };
  const label = async (...args: readonly string[]) => {
    const { end, stdout, stderr } = await call('label', ...args);
    expect(end).toBe(0);
    return { stdout, stderr };
  };

  it('of one assessment leaves an address where it is while something else was found', async () => {
    await push([outbound('10.0.0.9', TWICE, 443), inbound(TWICE, 22)]);
    const ids = (await verdicts(TWICE)).map(({ id }) => String(id));
    const outgoing = ids.find((id) => id.includes('/outbound')) ?? '';

    const { stdout, stderr } = await label(outgoing, 'benign');

    expect(stdout).toMatch(/^ {2}benign {5}203\.0\.113\.50; /);
    expect(stderr).toBe('');
    expect(await entries('--host', '10.0.0.20', '--port', '22')).toContainEqual(
      expect.objectContaining({ address: TWICE, direction: 'inbound' }),
    );
    expect(await shown('--host', '10.0.0.9')).toEqual([]);
    expect((await decided(TWICE)).cleared).toBeUndefined();

    const incoming = ids.find((id) => id.includes('/inbound')) ?? '';
    expect((await label(incoming, 'benign')).stderr).toMatch(/^it was announced: /);
    expect(await shown()).not.toContain(TWICE);
  });

  it('that clears an address takes it out of attention and is announced, once', async () => {
    expect((await decided(CALLED))['new-malicious']).toMatchObject({ direction: 'outbound' });

    const first = await label(CALLED, 'benign');
    const cleared = (await decided(CALLED)).cleared;
    const again = await label(CALLED, 'benign');

    expect(first.stdout).toMatch(/^ {2}benign {5}203\.0\.113\.9 as a whole; /);
    expect(first.stderr).toBe('it was announced: an announcement will report that it was cleared\n');
    expect(cleared).toMatchObject({ direction: 'outbound', finding: expect.stringContaining(CALLED) });
    expect(again.stderr).toBe('');
    expect((await decided(CALLED)).cleared).toEqual(cleared);
    const { stderr } = await call('attention', '--host', '10.0.0.6');
    expect(stderr).toBe('not shown: 1 address settled by a label (--labelled)\n');
    expect(await entries('--labelled', '--host', '10.0.0.6')).toMatchObject([
      { address: CALLED, label: 'benign' },
    ]);
  });

  it('that accuses the address after all takes that back', async () => {
    const { stderr } = await label(CALLED, 'malicious');

    expect(stderr).toBe('a label had cleared it: new findings about it will be announced again\n');
    expect((await decided(CALLED)).cleared).toBeUndefined();
    expect(await shown()).not.toContain(CALLED);
    expect(jsonLines((await call('labels', '--json')).stdout)[0]).toMatchObject({
      address: CALLED,
      ground_truth: 'malicious',
      whole_address: true,
    });
  });

  it('of an address of which nothing is stored is refused', async () => {
    expect(await call('label', '203.0.113.254', 'benign')).toEqual({
      end: 1,
      stdout: '',
      stderr: 'error: nothing is stored about 203.0.113.254; is it the remote side of a connection?\n',
    });
  });
});

describe('assessments', () => {
  it('of a network are those of its addresses', async () => {
    const found = await verdicts('198.51.100.0/27');
    const all = await verdicts('198.51.100.0/24');

    expect(new Set(found.map(({ address }) => address))).toEqual(
      new Set([VISITOR, KNOCKERS[0], KNOCKERS[1]]),
    );
    expect(all.map(({ address }) => address)).toContain(KNOCKERS[2]);
  });

  it('of a host of the own site are what it talked to, with its connections alone', async () => {
    const found = await verdicts('10.0.0.6');
    const forced = jsonLines((await call('assessments', VISITOR, '--inside', '--json')).stdout);

    expect(found).toMatchObject([{ address: CALLED, connections: [{ src_ip: '10.0.0.6' }] }]);
    expect(forced).toEqual([]);
  });

  it('say which are missing', async () => {
    for (const [subject, what] of [
      ['198.18.5.0/24', 'about addresses in 198\\.18\\.5\\.0/24'],
      ['10.0.0.99', 'about connections of your host 10\\.0\\.0\\.99'],
    ] as const) {
      const { end, stdout, stderr } = await call('assessments', subject);
      expect({ end, stdout }).toEqual({ end: 1, stdout: '' });
      expect(stderr).toMatch(new RegExp(`^error: nothing is stored ${what} since \\S+; see --since\n$`));
    }
  });

  it('begin with what people have said of the address', async () => {
    await call('allow', 'add', CALLED, '--reason', 'a test', '--owner', 'me', '--port', '8443');

    const { stdout } = await call('assessments', CALLED);

    expect(stdout).toMatch(
      /^labelled malicious on \S+ as a whole\nallowed: .*203\.0\.113\.9.*, a test \(me\)\n {2}0\./,
    );
  });
});
