import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createIntelligence,
  type IntelligenceSettings,
} from '../../../../functions/score-connections/create-intelligence.ts';
import { TimeBudget } from '../../../../lib/aws/time-budget.ts';
import { PROVIDERS } from '../../../../lib/intelligence/providers/providers.ts';
import { subject } from '../../../factories/look-ups.ts';
import { mockTable } from '../../../factories/stored-units.ts';

const { table, dynamodb, wantedKeys, serveItems } = mockTable();

const THEMSELVES = { virustotal: PROVIDERS.virustotal.baseUrl, abuseipdb: PROVIDERS.abuseipdb.baseUrl };
const STAND_IN = 'http://127.0.0.1:1';

const settings = (overrides: Partial<IntelligenceSettings> = {}): IntelligenceSettings => ({
  baseUrls: THEMSELVES,
  budgets: { virustotal: [], abuseipdb: [] },
  knownMs: 1,
  unknownMs: 1,
  callTimeoutMs: 1_000,
  waitMs: 1_000,
  readKeys: async () => ({ virustotal: { key: 'key', version: 1 } }),
  keysMaxAgeMs: 1_000,
  listsMaxAgeMs: 1_000,
  onKeysProblem: () => {},
  onListsProblem: () => {},
  ...overrides,
});

const open = (overrides: Partial<IntelligenceSettings> = {}) =>
  createIntelligence(table, settings(overrides)).open();

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().resolves({});
});

describe('the sources of a batch', () => {
  it('are those for which there is a key', async () => {
    expect((await open()).lookUp).toBeDefined();
    expect(await open({ readKeys: async () => ({}) })).toEqual({ lookUp: undefined, isOutdated: false });
  });

  it('are none while keys cannot be read, which is reported without what the error says', async () => {
    const problems: string[] = [];

    const opened = await open({
      readKeys: () => Promise.reject(new Error('no')),
      onKeysProblem: (problem) => problems.push(problem),
    });

    expect(opened).toEqual({ lookUp: undefined, isOutdated: true });
    expect(problems).toEqual(['Error']);
  });

  it.each([
    ['the providers themselves', THEMSELVES, false],
    ['one stand-in on this machine', { ...THEMSELVES, virustotal: STAND_IN }, false],
    ['stand-ins on this machine only', { virustotal: STAND_IN, abuseipdb: STAND_IN }, true],
  ])(
    'are told about the addresses of examples only where nobody else is asked: %s',
    async (_, baseUrls, expected) => {
      const { lookUp } = await open({ baseUrls });

      expect(lookUp?.withDocumentation).toBe(expected);
    },
  );

  it.each([
    ['the providers themselves', THEMSELVES, 'answers#'],
    ['one stand-in', { ...THEMSELVES, abuseipdb: STAND_IN }, `answers#abuseipdb=${STAND_IN}`],
    [
      'two stand-ins',
      { virustotal: STAND_IN, abuseipdb: STAND_IN },
      `answers#virustotal=${STAND_IN} abuseipdb=${STAND_IN}`,
    ],
  ])('keep apart what is answered by %s', async (_, baseUrls, sk) => {
    const nowSeconds = Date.now() / 1000;
    const virustotal = { kind: 'unknown', answered_at: nowSeconds, fresh_until: nowSeconds + 1_000 };
    const kept = { pk: 'intel#8.8.8.8', sk, schema: 4, virustotal };
    serveItems([kept]);
    const round = (await open({ baseUrls })).lookUp?.start();

    round?.add([subject('8.8.8.8')]);
    // Without the quota no provider is queried, whatever is read.
    dynamodb.on(GetCommand).rejects(new Error('no quota'));
    await round?.find(new TimeBudget(Date.now(), Date.now() + 10_000));

    expect(wantedKeys()).toContainEqual([{ pk: 'intel#8.8.8.8', sk }]);
    expect(round?.lookUpsOf('8.8.8.8')).toMatchObject({ virustotal: { outcome: 'unknown' } });
  });
});
