import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLookUp, type LookUpSettings } from '../../../lib/assessment/look-up-access.ts';
import { PROVIDERS } from '../../../lib/intelligence/providers/providers.ts';
import { subject } from '../../factories/look-ups.ts';
import { mockTable } from '../../factories/stored-units.ts';

const { table, dynamodb, wantedKeys, serveItems } = mockTable();

const THEMSELVES = { virustotal: PROVIDERS.virustotal.baseUrl, abuseipdb: PROVIDERS.abuseipdb.baseUrl };
const STAND_IN = 'http://127.0.0.1:1';

const settings = (overrides: Partial<LookUpSettings> = {}): LookUpSettings => ({
  baseUrls: THEMSELVES,
  budgets: { virustotal: [], abuseipdb: [] },
  knownMs: 1,
  unknownMs: 1,
  callTimeoutMs: 1_000,
  waitMs: 1_000,
  readKeys: async () => ({ virustotal: { key: 'key', version: 1 } }),
  keysMaxAgeMs: 1_000,
  onKeyFailure: () => {},
  ...overrides,
});

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().resolves({});
});

describe('the sources of a batch', () => {
  it('are those for which there is a key', async () => {
    expect(await createLookUp(table, settings())()).toMatchObject({
      keys: { virustotal: { key: 'key', version: 1 } },
    });
    expect(await createLookUp(table, settings({ readKeys: async () => ({}) }))()).toBeUndefined();
  });

  it('are none while keys cannot be read, which is reported', async () => {
    const failures: unknown[] = [];
    const failing = settings({
      readKeys: () => Promise.reject(new Error('no')),
      onKeyFailure: (error) => failures.push(error),
    });

    expect(await createLookUp(table, failing)()).toBeUndefined();
    expect(failures).toEqual([new Error('no')]);
  });

  it.each([
    ['the providers themselves', THEMSELVES, false],
    ['one stand-in on this machine', { ...THEMSELVES, virustotal: STAND_IN }, false],
    ['stand-ins on this machine only', { virustotal: STAND_IN, abuseipdb: STAND_IN }, true],
  ])(
    'are told about the addresses of examples only where nobody else is asked: %s',
    async (_, baseUrls, expected) => {
      const access = await createLookUp(table, settings({ baseUrls }))();

      expect(access?.withDocumentation).toBe(expected);
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
    const access = await createLookUp(table, settings({ baseUrls }))();
    if (access === undefined) throw new TypeError('no access');
    const round = access.service.start(access.keys);

    access.service.add(round, [subject('8.8.8.8')]);
    // Without the quota nobody is asked, whatever is read.
    dynamodb.on(GetCommand).rejects(new Error('no quota'));
    await access.service.find(round, { startedAtMs: Date.now(), lookUpsEndMs: Date.now() + 500 });

    expect(wantedKeys()).toEqual([[{ pk: 'intel#8.8.8.8', sk }]]);
    expect(round.lookupsOf('8.8.8.8')).toMatchObject({ virustotal: { outcome: 'unknown' } });
  });
});
