import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { InvalidMessageContents, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../../../lib/aws/service-error.ts';
import { CliError, InterruptedError } from '../../../../../lib/cli/cli-error.ts';
import {
  damageLine,
  pushFigures,
  resumeLine,
  sentSentence,
  summaryLines,
} from '../../../../../lib/cli/output/push-lines.ts';
import { PushState } from '../../../../../lib/cli/results/push-state.ts';
import type { Interruption } from '../../../../../lib/cli/use/interruption.ts';
import { type PushLogOptions, pushLog } from '../../../../../lib/cli/use/push/push-log.ts';
import { FileError } from '../../../../../lib/files/file-error.ts';
import type { LogFormat } from '../../../../../lib/logs/log-format.ts';
import { readLog } from '../../../../../lib/logs/read-log.ts';
import { InputDamagedError } from '../../../../../lib/logs/readable-entries.ts';
import { grouped } from '../../../../../lib/statistics/count-text.ts';
import { sequence } from '../../../../factories/iterables.ts';
import { eveFlow } from '../../../../factories/sensor-logs.ts';
import { createWorkFolder } from '../../../../fixtures/service/command-line.ts';

const client = new SQSClient({ region: 'eu-central-1' });
const sqs = mockClient(client);
const queue = { client, queueUrl: 'https://sqs.test/work' };

/** One entry in ten is invalid or not a flow; a message holds about fifty. */
const LINES = Array.from({ length: 2_300 }, (_, n) => {
  const changes = n % 20 === 3 ? { dest_ip: '' } : n % 20 === 13 ? { event_type: 'dns' } : {};
  return JSON.stringify(eveFlow({ flow_id: n, dest_port: n % 1_000, note: 'x'.repeat(3_500), ...changes }));
});
const LOG = LINES.join('\n');
const TOTAL = { read: 2_300, sent: 2_070, invalid: 115, skipped: { dns: 115 } };
/** Three windows of the log: two with this many entries, valid or not, and the rest. */
const windowSize = { entries: 950, characters: 10_000_000 };
const FIRST_WINDOW = 1_000;

let accepted: string[] = [];
const folder = createWorkFolder();
let tests = 0;

/** A file for the running test only. */
function path(name: string): string {
  return join(folder, `${tests}-${name}`);
}

/** Accepts this many requests; then the queue refuses, or another failure occurs. */
function acceptRequests(count = Number.POSITIVE_INFINITY, then: () => void = refuse): void {
  let requests = 0;
  sqs.on(SendMessageBatchCommand).callsFake(({ Entries = [] }) => {
    if (++requests > count) then();
    for (const { MessageBody = '' } of Entries) accepted.push(MessageBody);
    return { Successful: Entries.map(({ Id }: { Id: string }) => ({ Id, MessageId: Id })) };
  });
}

function refuse(): never {
  throw new InvalidMessageContents({ message: 'no', $metadata: { httpStatusCode: 400 } });
}

function interruptible() {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  let isInterrupted = false;
  const interruption: Interruption = {
    promise,
    forget: () => {},
    throwIfInterrupted: () => {
      if (isInterrupted) throw new InterruptedError();
    },
  };
  const interrupt = () => {
    isInterrupted = true;
    reject(new InterruptedError());
  };
  return { interruption, interrupt };
}

async function push(
  { format, ...options }: Partial<PushLogOptions> & { readonly format?: LogFormat } = {},
  log = LOG,
  chunks: AsyncIterable<Buffer> = sequence(Buffer.from(log)),
) {
  const state = new PushState();
  const { interruption } = interruptible();
  const pushing = pushLog(
    await readLog({ chunks }, { format }),
    {
      queue,
      inputPath: undefined,
      homeNetworks: [],
      checkpointPath: undefined,
      rejectsPath: undefined,
      windowSize,
      rate: undefined,
      interruption,
      onProgress: () => {},
      ...options,
    },
    state,
  );
  const error = await pushing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { state, error };
}

beforeEach(() => {
  sqs.reset();
  accepted = [];
  tests++;
});

describe('a push', () => {
  it('accounts for every entry', async () => {
    acceptRequests();

    const { state, error } = await push({ rejectsPath: path('rejects') });

    const records = accepted.flatMap((body) => body.split('\n'));
    const rejects = readFileSync(path('rejects'), 'utf8').trimEnd().split('\n');
    expect(error).toBeUndefined();
    expect(state.totals).toMatchObject({ ...TOTAL, messages: accepted.length, endPosition: 2_300 });
    expect(state.totals.bytes).toBe(accepted.reduce((sum, body) => sum + body.length, 0));
    expect(state.requests).toBe(sqs.commandCalls(SendMessageBatchCommand).length);
    expect(records).toHaveLength(TOTAL.sent);
    expect(rejects).toHaveLength(TOTAL.invalid);
    expect(JSON.parse(rejects[1] ?? '')).toEqual({
      line: 24,
      reason: 'dst_ip: expected an IPv4 or IPv6 address, got ""',
      text: LINES[23],
    });
  });

  it('takes ten messages or a mebibyte a request', async () => {
    acceptRequests();

    await push();

    const sizes = sqs
      .commandCalls(SendMessageBatchCommand)
      .map(({ args }) => (args[0].input.Entries ?? []).map(({ MessageBody = '' }) => MessageBody.length));
    expect(Math.max(...sizes.flat())).toBeLessThanOrEqual(190_000);
    for (const request of sizes) {
      expect(request.length).toBeLessThanOrEqual(10);
      expect(request.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(1_048_576);
    }
  });

  it('sends the same again when it is repeated', async () => {
    acceptRequests();
    await push();
    const first = accepted.splice(0);

    await push();

    expect(accepted.sort()).toEqual(first.sort());
  });

  it('rehearsed comes to the same and sends nothing', async () => {
    acceptRequests();
    const checkpointPath = path('checkpoint');

    const rehearsed = await push({ queue: undefined, checkpointPath });
    expect(accepted).toEqual([]);
    const real = await push();

    expect(rehearsed.state.totals).toEqual(real.state.totals);
    expect(rehearsed.state.requests).toBe(real.state.requests);
    expect(existsSync(checkpointPath)).toBe(false);
  });

  it('sends one record a message and ten messages a request, as log shippers do', async () => {
    acceptRequests();

    await push();
    const packed = accepted.splice(0).flatMap((body) => body.split('\n'));
    const { state } = await push({ isSingle: true });

    expect(accepted.toSorted()).toEqual(packed.toSorted());
    expect(accepted.every((body) => !body.includes('\n'))).toBe(true);
    expect(state.totals).toMatchObject({ ...TOTAL, messages: TOTAL.sent });
    expect(state.requests).toBe(TOTAL.sent / 10);
  });

  it.each([undefined, 'berlin-3'])(
    'says to the queue that its messages are from sensor %s',
    async (sensor) => {
      acceptRequests();

      await push({ sensor });

      const entries = sqs
        .commandCalls(SendMessageBatchCommand)
        .flatMap(({ args }) => args[0].input.Entries ?? []);
      expect(entries.length).toBeGreaterThan(1);
      expect(new Set(entries.map(({ MessageGroupId }) => MessageGroupId))).toEqual(new Set([sensor]));
    },
  );

  it('waits as its rate says', async () => {
    acceptRequests();
    const startedAt = performance.now();

    await push({ rate: 10_000 });

    // All but the last burst must be waited for; a burst is at most a mebibyte.
    expect(performance.now() - startedAt).toBeGreaterThan(((TOTAL.sent - 300) / 10_000) * 1000);
  });
});

describe('a push that breaks off', () => {
  /** Number of requests for the first window, and in total. */
  async function requestsOf(log: string): Promise<number> {
    acceptRequests();
    await push({}, log);
    const requests = sqs.commandCalls(SendMessageBatchCommand).length;
    sqs.reset();
    accepted = [];
    return requests;
  }

  it('goes on from the end of a window, and sends the same messages in all', async () => {
    acceptRequests();
    await push({ rejectsPath: path('all') });
    const whole = accepted.splice(0).sort();
    sqs.reset();
    const enough = (await requestsOf(LINES.slice(0, FIRST_WINDOW).join('\n'))) + 2;
    const files = { checkpointPath: path('checkpoint'), rejectsPath: path('rejects') };

    acceptRequests(enough);
    const broken = await push(files);
    const stateThen = JSON.parse(readFileSync(files.checkpointPath, 'utf8')) as Record<string, unknown>;
    writeFileSync(files.rejectsPath, 'cut sho', { flag: 'a' });
    sqs.reset();
    acceptRequests();
    const resumed = await push(files);

    expect(broken.error).toBeInstanceOf(ServiceError);
    expect(broken.state.totals.read).toBe(FIRST_WINDOW);
    expect(stateThen.totals).toEqual(broken.state.totals);
    expect(resumed.error).toBeUndefined();
    expect(resumed.state.resumedAfter).toBe(FIRST_WINDOW);
    expect(resumed.state.totals).toMatchObject(TOTAL);
    expect([...new Set(accepted)].sort()).toEqual(whole);
    expect(readFileSync(files.rejectsPath, 'utf8')).toBe(readFileSync(path('all'), 'utf8'));
  });

  it('goes on with single records', async () => {
    const checkpointPath = path('checkpoint');
    acceptRequests();
    await push({ checkpointPath, isSingle: true }, LINES.slice(0, FIRST_WINDOW).join('\n'));

    const packed = await push({ checkpointPath });
    const resumed = await push({ checkpointPath, isSingle: true });

    expect((packed.error as Error).message).toBe('the checkpoint belongs to a push with --single: add it');
    expect(resumed.state.totals).toMatchObject({ ...TOTAL, messages: TOTAL.sent });
    expect(new Set(accepted).size).toBe(TOTAL.sent);
    expect(accepted).toHaveLength(TOTAL.sent);
  });

  it('goes on with the windows that it began with', async () => {
    const checkpointPath = path('checkpoint');
    acceptRequests();
    await push();
    const whole = accepted.splice(0).sort();
    await push({ checkpointPath }, LINES.slice(0, FIRST_WINDOW).join('\n'));

    await push({ checkpointPath, windowSize: { entries: 100, characters: 10_000_000 } });

    expect(accepted.sort()).toEqual(whole);
  });

  it('takes a checkpoint that says nothing of windows for one of 20,000 entries', async () => {
    const checkpointPath = path('checkpoint');
    acceptRequests();
    await push({ checkpointPath }, LINES.slice(0, FIRST_WINDOW).join('\n'));
    const { window, ...former } = JSON.parse(readFileSync(checkpointPath, 'utf8')) as Record<string, unknown>;
    writeFileSync(checkpointPath, JSON.stringify(former));
    accepted = [];

    await push({ checkpointPath });

    const later = accepted.splice(0).sort();
    await push(
      { windowSize: { entries: 20_000, characters: 2 ** 25 } },
      LINES.slice(FIRST_WINDOW).join('\n'),
    );
    expect(window).toEqual(windowSize);
    expect(later).toEqual(accepted.sort());
  });

  it('when it is interrupted has what was in flight sent, and says where it can go on', async () => {
    const { interruption, interrupt } = interruptible();
    acceptRequests(1, interrupt);

    const { state, error } = await push({ interruption });

    expect(error).toBeInstanceOf(InterruptedError);
    expect(state.totals.read).toBeLessThan(TOTAL.read);
    expect(state.totals.read % FIRST_WINDOW).toBe(0);
    expect(accepted.length).toBeGreaterThanOrEqual(state.totals.messages);
  });

  it('while it waits for its pace ends at once', async () => {
    const { interruption, interrupt } = interruptible();
    acceptRequests(0, interrupt);

    const { error } = await push({ interruption, rate: 0.001 });

    expect(error).toBeInstanceOf(InterruptedError);
  });

  it('that had come to its end has nothing left to do, until the log grows', async () => {
    const checkpointPath = path('checkpoint');
    acceptRequests();
    await push({ checkpointPath }, LINES.slice(0, 1_500).join('\n'));
    accepted = [];

    const again = await push({ checkpointPath }, LINES.slice(0, 1_500).join('\n'));
    expect(accepted).toEqual([]);
    const grown = await push({ checkpointPath });

    expect(again.state.totals.read).toBe(1_500);
    expect(grown.state.totals).toMatchObject(TOTAL);
    expect(accepted.flatMap((body) => body.split('\n'))).toHaveLength(800 * 0.9);
  });

  it.each<[string, Partial<PushLogOptions> & { readonly format?: LogFormat }, string, RegExp]>([
    ['another input', {}, LINES.toReversed().join('\n'), /^the checkpoint was written for a different input/],
    [
      'a shorter input',
      {},
      LINES.slice(0, 10).join('\n'),
      /^the checkpoint was written for a different input/,
    ],
    [
      'another format',
      { format: 'json' },
      LOG,
      /^the checkpoint belongs to a push as eve, but this one is as json$/,
    ],
    [
      'other networks',
      { homeNetworks: ['192.0.2.0/24'] },
      LOG,
      /^the checkpoint belongs to a push without --home: leave it out/,
    ],
    [
      'single records',
      { isSingle: true },
      LOG,
      /^the checkpoint belongs to a push without --single: leave it out$/,
    ],
  ])('does not go on with %s', async (_, options, log, message) => {
    const checkpointPath = path('checkpoint');
    acceptRequests();
    await push({ checkpointPath });
    accepted = [];

    const { error } = await push({ checkpointPath, ...options }, log);

    expect(error).toBeInstanceOf(CliError);
    expect((error as Error).message).toMatch(message);
    expect(accepted).toEqual([]);
  });

  it.each(['', '{}', '{"version":2}', 'null'])(
    'does not go on from what is no checkpoint: %j',
    async (text) => {
      const checkpointPath = path('checkpoint');
      writeFileSync(checkpointPath, text);

      const { error } = await push({ checkpointPath });

      expect(error).toBeInstanceOf(CliError);
      expect((error as Error).message).toMatch(/is not a checkpoint of a push/);
      expect(readFileSync(checkpointPath, 'utf8')).toBe(text);
    },
  );
});

describe('a push whose files fail', () => {
  it('sends nothing where the checkpoint cannot be written', async () => {
    acceptRequests();

    const { state, error } = await push({ checkpointPath: join(folder, 'nowhere', 'checkpoint') });

    expect(error).toBeInstanceOf(FileError);
    expect((error as Error).message).toMatch(/^cannot write the checkpoint \S+: there is no folder /);
    expect(accepted).toEqual([]);
    expect(sentSentence(state, true)).toBe('Nothing was sent');
  });

  it('sends no message twice when the checkpoint fails later, and reports what was sent', async () => {
    const checkpointPath = path('checkpoint');
    let requests = 0;
    acceptRequests(0, () => {
      // Not even root can replace a folder by a file.
      if (++requests > 1) return;
      rmSync(checkpointPath);
      mkdirSync(checkpointPath);
    });

    const { state, error } = await push({ checkpointPath });

    expect(error).toBeInstanceOf(FileError);
    expect((error as Error).message).toMatch(/^cannot write the checkpoint \S+: it is a folder; /);
    expect(new Set(accepted).size).toBe(accepted.length);
    expect(state.accepted).toBe(accepted.flatMap((body) => body.split('\n')).length);
    expect(state.accepted).toBeLessThan(TOTAL.sent);
    expect(sentSentence(state, true)).toMatch(
      /^[\d,]+ records were sent; the checkpoint covers none of them, so the same command would send them again$/,
    );
  });

  it('names the rejects that it cannot write, and covers what came before', async () => {
    const checkpointPath = path('checkpoint');
    acceptRequests();
    // The first window has no invalid entries.
    const log = LINES.filter((_, n) => n > FIRST_WINDOW + 200 || n % 20 !== 3);

    const { state, error } = await push({ checkpointPath, rejectsPath: '/dev/full' }, log.join('\n'));

    expect((error as Error).message).toMatch(/^cannot write the rejects \/dev\/full: the disk is full; /);
    expect(state.covered).toBeGreaterThan(0);
    expect(sentSentence(state, true)).toMatch(
      /; the checkpoint covers the first [\d,]+ of them, so the same command /,
    );
  });

  it('before a whole window was sent can go on with any input', async () => {
    const checkpointPath = path('checkpoint');
    acceptRequests(0);
    await push({ checkpointPath });
    const { window } = JSON.parse(readFileSync(checkpointPath, 'utf8')) as Record<string, unknown>;
    sqs.reset();
    acceptRequests();

    const { state, error } = await push(
      { checkpointPath, windowSize: { entries: 100, characters: 1_000_000 }, homeNetworks: ['192.0.2.0/24'] },
      LINES.slice(10).join('\n'),
    );

    expect(error).toBeUndefined();
    expect(state).toMatchObject({ resumedAfter: 0, totals: { read: TOTAL.read - 10 } });
    expect(JSON.parse(readFileSync(checkpointPath, 'utf8'))).toMatchObject({ window });
  });
});

describe('what a push that a file ended has sent', () => {
  it.each<[Partial<PushState>, boolean, string]>([
    [{}, false, 'Nothing was sent'],
    [{ resumedAfter: 20 }, true, 'Nothing more was sent'],
    [{ accepted: 1 }, false, '1 record was sent; pushing the file again would send it again'],
    [{ accepted: 1_200 }, false, '1,200 records were sent; pushing the file again would send them again'],
    [
      { accepted: 1_200, covered: 1_200 },
      true,
      '1,200 records were sent, and the checkpoint covers all of them',
    ],
    [
      { accepted: 1_200, covered: 900 },
      true,
      '1,200 records were sent; the checkpoint covers the first 900 of them, so the same command would send the other 300 again',
    ],
  ])('%j, with a checkpoint: %s', (progress, hasCheckpoint, sentence) => {
    expect(sentSentence(Object.assign(new PushState(), progress), hasCheckpoint)).toBe(sentence);
  });
});

describe('progress of a push', () => {
  it('humans and programs', async () => {
    acceptRequests();
    const { state } = await push({}, [...LINES.slice(0, 40), 'no JSON'].join('\n'));

    expect(summaryLines(state, false)).toEqual([
      expect.stringMatching(/^36 records sent in 1 message, [\d,]+ bytes, 1 request$/),
      '2 skipped (not connections): 2 dns',
      '3 invalid',
    ]);
    expect(pushFigures(state, true)).toMatchObject({
      format: 'eve',
      read: 41,
      sent: 36,
      skipped: { dns: 2 },
      invalid: 3,
      messages: 1,
      requests: 1,
      dry_run: true,
      first_invalid: [{ line: 4 }, { line: 24 }, { line: 41, reason: expect.stringMatching(/^not JSON/) }],
    });
  });

  it.each<[boolean, RegExp]>([
    [
      true,
      /^interrupted: everything up to line 41 is on the queue \(36 records\); run the same command again to continue$/,
    ],
    [
      false,
      /; pushing the file again overwrites what is stored; use --checkpoint FILE to continue from there instead$/,
    ],
  ])('where to go on, with a checkpoint: %s', async (hasCheckpoint, expected) => {
    acceptRequests();
    const { state } = await push({}, [...LINES.slice(0, 40), 'no JSON'].join('\n'));

    expect(resumeLine(state, hasCheckpoint, true)).toMatch(expected);
    expect(resumeLine(new PushState(), hasCheckpoint, false)).toBeUndefined();
    expect(resumeLine(new PushState(), hasCheckpoint, true)).toMatch(/^interrupted before the first window/);
  });
});

describe('an input that is damaged half-way', () => {
  const packed = gzipSync(LOG);
  const damages: readonly [string, Buffer | string][] = [
    ['gzip that is cut short', packed.subarray(0, Math.floor(packed.length * 0.7))],
    ['Zstandard that is cut short', zstdCompressSync(LOG).subarray(0, -400)],
    ['a device that fails', LOG.slice(0, Math.floor(LOG.length * 0.7))],
  ];

  async function pushDamaged(name: string, content: Buffer | string, options: Partial<PushLogOptions>) {
    async function* failing() {
      yield Buffer.from(content);
      throw new FileError('cannot read the input: the device reported an I/O error');
    }
    const chunks = name === 'a device that fails' ? failing() : sequence(Buffer.from(content));
    return await push(options, '', chunks);
  }

  it.each(damages)(
    '%s: what could be read is on the queue, and the whole one goes on',
    async (name, content) => {
      acceptRequests();
      const checkpointPath = path('checkpoint');
      const damaged = await pushDamaged(name, content, { checkpointPath });
      const { totals } = damaged.state;
      const whole = await push({ checkpointPath });

      expect(damaged.error).toBeInstanceOf(InputDamagedError);
      expect(totals.read).toBe(totals.sent + totals.invalid + (totals.skipped.dns ?? 0));
      expect(totals.read).toBeGreaterThan(1_000);
      expect(totals.read).toBeLessThan(TOTAL.read);
      expect(whole.error).toBeUndefined();
      expect(whole.state.totals).toMatchObject(TOTAL);
      const records = accepted.flatMap((body) => body.split('\n'));
      expect(records).toHaveLength(TOTAL.sent);
      expect(new Set(records).size).toBe(TOTAL.sent);
    },
  );

  it('gzip with wrong bytes: the whole one goes on before the nonsense', async () => {
    acceptRequests();
    const checkpointPath = path('checkpoint-of-nonsense');
    const lines = Array.from({ length: 3_000 }, (_, flow_id) =>
      JSON.stringify(eveFlow({ flow_id, note: createHash('sha512').update(String(flow_id)).digest('hex') })),
    );
    const sound = gzipSync(lines.join('\n'));
    const middle = Math.floor(sound.length / 2);
    const wrong = Buffer.from(sound).fill(0x55, middle, middle + 20);
    const damaged = await pushDamaged('gzip', wrong, { checkpointPath });
    const whole = await push({ checkpointPath }, '', sequence(sound));

    expect(damaged.error).toBeInstanceOf(InputDamagedError);
    expect(damaged.state.totals).toMatchObject({ invalid: 0 });
    expect(damaged.state.totals.sent).toBeGreaterThan(1_000);
    expect(whole.error).toBeUndefined();
    expect(whole.state.totals).toMatchObject({ read: 3_000, sent: 3_000, invalid: 0 });
    const ids = accepted
      .flatMap((body) => body.split('\n'))
      .map((text) => (JSON.parse(text) as { id: string }).id);
    expect(new Set(ids).size).toBe(3_000);
    expect(ids).toHaveLength(3_000);
  });

  it('gzip with wrong bytes: nothing is sent that does not stand in it', async () => {
    acceptRequests();
    const notes = Array.from({ length: 2_300 }, (_, n) =>
      createHash('sha512').update(String(n)).digest('hex'),
    );
    const lines = notes.map((note, flow_id) => JSON.stringify(eveFlow({ flow_id, note })));
    const sound = gzipSync(lines.join('\n'));
    const wrong = Buffer.from(sound).fill(0xa5, Math.floor(sound.length * 0.7));
    const { error, state } = await pushDamaged('gzip', wrong, {});

    expect(error).toBeInstanceOf(InputDamagedError);
    expect(state.totals.sent).toBeGreaterThan(1_000);
    const sent = accepted
      .flatMap((body) => body.split('\n'))
      .map((text) => JSON.parse(text) as { id: string });
    const wrongly = sent.filter((record) => notes[Number(record.id)] !== (record as { note?: string }).note);
    expect(wrongly).toEqual([]);
  });

  it('says how much is on the queue, and how to go on', async () => {
    acceptRequests();
    const [[name, content] = ['', '']] = damages;
    const { state } = await pushDamaged(name, content, {});
    const { endPosition, sent } = state.totals;
    const where = `everything up to line ${grouped(endPosition)}`;

    expect(damageLine(state, true, false)).toBe(
      `${where} is on the queue (${grouped(sent)} records); once the file is complete, run the same command again to continue`,
    );
    expect(damageLine(state, false, false)).toContain('use --checkpoint FILE to continue from there instead');
    expect(damageLine(state, false, true)).toBe(`${where} could be read (${grouped(sent)} records)`);
    expect(pushFigures(state, false, true)).toMatchObject({ sent, damaged: true });
  });
});

it('a checkpoint that cannot be written is found before anything is sent', async () => {
  acceptRequests();
  const { error } = await push({ checkpointPath: join(folder, 'missing', 'checkpoint') });

  expect(error).toBeInstanceOf(FileError);
  expect(accepted).toEqual([]);
});
