import { EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type BusEntry, entryBytes, fitsRequest, putEvents } from '../../../lib/aws/put-events.ts';

const bridge = mockClient(EventBridgeClient);
afterAll(() => bridge.restore());
const PATIENCE = { deadlineMs: 10_000, now: () => 0, wait: async () => {}, random: () => 0 };

const entry = (id: string): BusEntry => ({
  bus: 'findings',
  source: 'service',
  detailType: 'Finding',
  detail: JSON.stringify({ id }),
  timeMs: 1_790_000_000_000,
});
const [A, B, C] = [entry('a'), entry('b'), entry('c')];

const put = async (entries: readonly BusEntry[]) =>
  await putEvents(bridge as unknown as EventBridgeClient, entries, PATIENCE);

const failed = (ErrorCode: string): PutEventsResultEntry => ({ ErrorCode, ErrorMessage: 'not now' });
const answer = (...Entries: PutEventsResultEntry[]) => ({ Entries });
const OK: PutEventsResultEntry = { EventId: 'e' };

const sentDetails = () =>
  bridge
    .commandCalls(PutEventsCommand)
    .map(({ args: [{ input }] }) =>
      (input.Entries ?? []).map(({ Detail }) => JSON.parse(Detail ?? '').id).join(''),
    );

beforeEach(() => {
  bridge.reset();
});

describe('putEvents', () => {
  it('puts all in one request', async () => {
    bridge.on(PutEventsCommand).resolves(answer(OK, OK));

    expect(await put([A, B])).toEqual([]);
    expect(bridge.commandCalls(PutEventsCommand)[0]?.args[0].input).toEqual({
      Entries: [A, B].map(({ detail }) => ({
        EventBusName: 'findings',
        Source: 'service',
        DetailType: 'Finding',
        Detail: detail,
        Time: new Date(1_790_000_000_000),
      })),
    });
  });

  it.each(['ThrottlingException', 'InternalFailure'])('tries single ones again after %s', async (code) => {
    bridge
      .on(PutEventsCommand)
      .resolvesOnce(answer(OK, failed(code), OK))
      .resolves(answer(OK));

    expect(await put([A, B, C])).toEqual([]);
    expect(sentDetails()).toEqual(['abc', 'b']);
  });

  it('reports what is refused, and puts its neighbours', async () => {
    bridge
      .on(PutEventsCommand)
      .resolvesOnce(answer(failed('MalformedDetail'), failed('InternalFailure'), OK))
      .resolvesOnce(answer(failed('MalformedDetail'), OK))
      .resolves(answer(failed('MalformedDetail')));

    const undone = await put([A, B, C]);

    expect(undone).toMatchObject([{ element: A, error: { code: 'refused' } }]);
    expect(undone[0]?.error.message).toContain('not now');
    expect(sentDetails().slice(0, 2)).toEqual(['abc', 'ab']);
  });

  it('reports all where the request fails for good, without trying again', async () => {
    bridge.on(PutEventsCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));

    const undone = await put([A, B]);

    expect(undone.map(({ element, error }) => [element, error.code])).toEqual([
      [A, 'denied'],
      [B, 'denied'],
    ]);
    expect(sentDetails()).toEqual(['ab']);
  });

  it('takes an answer that lacks results for a failure', async () => {
    bridge.on(PutEventsCommand).resolvesOnce(answer(OK)).resolves(answer(OK));

    expect(await put([A, B])).toEqual([]);
    expect(sentDetails()).toEqual(['ab', 'b']);
  });
});

describe('a request', () => {
  it('takes ten entries', () => {
    expect(fitsRequest({ entries: 9, bytes: 0 }, A)).toBe(true);
    expect(fitsRequest({ entries: 10, bytes: 0 }, A)).toBe(false);
  });

  it('takes 256 KiB, texts in UTF-8 and the time included', () => {
    const bytes = entryBytes({ ...A, detail: '"ä"' });

    expect(bytes).toBe(14 + 'service'.length + 'Finding'.length + 4);
    expect(fitsRequest({ entries: 1, bytes: 256 * 1024 - entryBytes(A) }, A)).toBe(true);
    expect(fitsRequest({ entries: 1, bytes: 256 * 1024 - entryBytes(A) + 1 }, A)).toBe(false);
  });
});
