import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAnswerStore } from '../../../lib/store/answer-store.ts';
import { eraseAddress } from '../../../lib/store/erase-address.ts';
import { readAssessmentsBetween } from '../../../lib/store/read-assessments.ts';
import { readText, type StoredText } from '../../../lib/store/stored-text.ts';
import type { TableAccess } from '../../../lib/store/table-access.ts';
import { type Call, callWith, type Json, jsonLines, variablesOf } from '../../fixtures/cli/calls.ts';
import {
  ACCUSED,
  connection,
  connectionsTo,
  type Fields,
  ndjson,
} from '../../fixtures/service/connections.ts';
import {
  EVENTUALLY,
  type ScoringService,
  startScoringService,
} from '../../fixtures/service/scoring-service.ts';
import { collect, type StoredItem, scanItems } from '../../fixtures/service/table-contents.ts';

const ADDRESS = '203.0.113.7';
const HOST = '10.20.4.77';
const DAY_MS = 86_400_000;
const LATELY = { fromMs: Date.now() - DAY_MS, toMs: Date.now() + DAY_MS, nowMs: Date.now() };

let service: ScoringService;
let call: Call;

beforeAll(async () => {
  // Both scores, so that summaries also name the addresses with the largest difference.
  service = await startScoringService({ settings: () => '{"mode":"parallel","consensusPercent":100}' });
  call = callWith(variablesOf(service.stack));
});

afterAll(async () => await service?.stop());

let pushed = 0;

/** A large message and small ones, unique each time: every address is malicious, and has two local hosts. */
async function push(network: string): Promise<void> {
  pushed++;
  const records = ['10.20.4.9', HOST].flatMap((src_ip) =>
    connectionsTo(network, 40, { src_ip, bytes: pushed, threat_intel: ACCUSED }),
  );
  const further = connection({ dst_ip: `${network}.39`, note: `seen by ${HOST}:8080`, bytes: pushed });
  const small = [7, 8].map((n) => ndjson([connection({ dst_ip: `${network}.${n}`, bytes: 900 + pushed })]));
  await service.push(ndjson([...records, further]), ...small);
  await service.drained();
  // An announcement names hosts until it is sent.
  await vi.waitFor(async () => {
    expect((await scanItems(service.table)).filter(({ pending }) => pending !== undefined)).toEqual([]);
  }, EVENTUALLY);
}

/** Texts of all items that mention an address. */
async function naming(address: string): Promise<StoredItem[]> {
  const word = new RegExp(`(?<![0-9.])${address.replaceAll('.', '\\.')}(?![0-9]|\\.[0-9])`);
  return (await scanItems(service.table)).filter((item) => word.test(textOf(item)));
}

/** How many summaries name an address depends on which messages arrived together. */
function summariesIn(items: readonly StoredItem[]): number {
  const summaries = items.filter(({ pk }) => String(pk).startsWith('unit#'));
  expect(summaries).not.toEqual([]);
  return summaries.length;
}

function textOf({ content, ...rest }: StoredItem): string {
  return JSON.stringify(rest) + (content === undefined ? '' : readText(content as StoredText));
}

async function json(...args: readonly string[]): Promise<Json[]> {
  const { end, stdout, stderr } = await call(...args, '--json');
  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  return jsonLines(stdout);
}

const connectionsOf = (rows: readonly Json[]) => rows.map(({ record }) => record as Fields);

async function exported(): Promise<Fields[]> {
  const { end, stdout } = await call('export', 'connections');
  expect(end).toBe(0);
  return connectionsOf(jsonLines(stdout));
}

/** Readers must still work after the erasure. */
async function expectReadersToWork(): Promise<void> {
  for (const args of [['attention'], ['hosts'], ['labels'], ['replay'], ['report'], ['export']]) {
    const { end, stderr } = await call(...args);
    expect({ args, end, stderr: end === 0 ? '' : stderr }).toEqual({ args, end: 0, stderr: '' });
  }
}

describe('forget, of a remote address', () => {
  beforeAll(async () => {
    await push('203.0.113');
    await call('label', ADDRESS, 'malicious');
    await call('allow', 'add', ADDRESS, '--reason', 'ours');
    await createAnswerStore(service.table, '').keep('virustotal', ADDRESS, {
      answer: { kind: 'unknown' },
      answeredAtMs: Date.now(),
      freshUntilMs: Date.now() + 60_000,
    });
  });

  it('counts what is stored by kind, and leaves it with --dry-run and where nobody confirms', async () => {
    const before = await naming(ADDRESS);

    const [found] = await json('forget', ADDRESS, '--dry-run');
    const unconfirmed = await call('forget', ADDRESS);

    expect(found).toMatchObject({
      address: ADDRESS,
      dry_run: true,
      erased: {
        assessments: 2,
        summaries: summariesIn(before),
        findings: 1,
        labels: 1,
        announcements: 1,
        answers: 1,
      },
    });
    expect(unconfirmed).toMatchObject({ end: 2, stdout: '' });
    expect(unconfirmed.stderr).toContain('No terminal to confirm on: use --yes');
    expect(await naming(ADDRESS)).toEqual(before);
  });

  it('erases it, and nothing else', async () => {
    const before = await exported();
    const mentions = await naming(ADDRESS);
    const [statistics] = await json('stats');

    const [erased] = await json('forget', ADDRESS, '--yes');

    expect(erased).toMatchObject({
      dry_run: false,
      erased: {
        assessments: 2,
        summaries: summariesIn(mentions),
        findings: 1,
        labels: 1,
        announcements: 1,
        answers: 1,
      },
      allow_entries: [expect.any(String)],
    });
    expect((await naming(ADDRESS)).map(({ pk }) => pk)).toEqual(['allowlist']);
    expect(await exported()).toEqual(before.filter(({ dst_ip }) => dst_ip !== ADDRESS));
    expect((await json('stats'))[0]?.totals).toEqual(statistics?.totals);
    expect(await call('assessments', ADDRESS)).toMatchObject({ end: 1 });
    await expectReadersToWork();
  });

  it('finds nothing the second time', async () => {
    expect(await call('forget', ADDRESS, '--yes')).toMatchObject({
      end: 0,
      stdout: expect.stringContaining(`nothing is stored of ${ADDRESS}\n`),
    });
  });

  it('can be interrupted after any write, and goes on', async () => {
    await push('198.51.100');
    const address = '198.51.100.7';
    let calls = 0;

    for (let isDone = false; !isDone; calls++) {
      isDone = await eraseAddress(afterWrites(service.table, 1), address, { isDryRun: false }).then(
        () => true,
        () => false,
      );
      // Readers never fail or lose sight of other addresses meanwhile.
      const others = await collect(
        readAssessmentsBetween(service.table, LATELY, (each) => each === '198.51.100.8'),
      );
      expect(others).toHaveLength(2);
    }

    expect(calls).toBeGreaterThan(4);
    expect(await naming(address)).toEqual([]);
  });
});

describe("forget, of a host of the site's own", () => {
  it('erases the connections that name it, and no others', async () => {
    await push('192.0.2');
    const before = await exported();
    const [found] = await json('forget', HOST, '--since', '1d', '--dry-run');

    const [erased] = await json('forget', HOST, '--since', '1d', '--yes');

    const isOf = ({ src_ip, note = '' }: Fields) => src_ip === HOST || String(note).includes(HOST);
    expect(erased?.erased).toEqual(found?.erased);
    expect(erased?.erased).toMatchObject({ connections: before.filter(isOf).length, assessments: 0 });
    expect((await naming(HOST)).map(textOf)).toEqual([]);
    expect(await exported()).toEqual(before.filter((record) => !isOf(record)));
    await expectReadersToWork();
    expect((await json('forget', HOST, '--since', '1d', '--yes'))[0]?.erased).toMatchObject({
      connections: 0,
      host_mentions: 0,
    });
  });
});

it('forget refuses what is no address', async () => {
  expect(await call('forget', '203.0.113.0/24')).toEqual({
    end: 2,
    stdout: '',
    stderr: 'error: "203.0.113.0/24" is not an IPv4 or IPv6 address\n',
  });
});

/** A table that fails permanently after this many writes. */
function afterWrites(table: TableAccess, most: number): TableAccess {
  let writes = 0;
  const client = new Proxy(table.client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'send' || typeof value !== 'function') return value;
      return async (command: object, ...rest: unknown[]) => {
        if (/^(?:Update|Delete)/.test(command.constructor.name) && ++writes > most) {
          throw Object.assign(new Error('the process was killed'), { name: 'AccessDeniedException' });
        }
        return await value.call(target, command, ...rest);
      };
    },
  }) as DynamoDBDocumentClient;
  return { ...table, client };
}
