import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EventSource,
  queueRequests,
  type SimulatedBatch,
  type Stream,
  simulateBatches,
} from '../../bench/queue/event-source.ts';

const SOURCE: EventSource = { batchSize: 2_000, windowSeconds: 2, maximumConcurrency: 10 };
const STREAM: Stream = { messages: 20_000, perSecond: 1_000, perRequest: 10, messageBytes: 1_000 };
const BACKLOG: Stream = { ...STREAM, messages: 40_000, perSecond: Number.POSITIVE_INFINITY };

function sizes(batches: readonly SimulatedBatch[]): number[] {
  return batches.map(({ messages }) => messages.length);
}

function meanSize(stream: Partial<Stream>, source: Partial<EventSource> = {}): number {
  const all = { ...STREAM, ...stream };
  return all.messages / simulateBatches(all, { ...SOURCE, ...source }).length;
}

describe('simulateBatches', () => {
  it('delivers each message once, within the bounds of a batch, in no longer than the window', () => {
    fc.assert(
      fc.property(
        fc.record({
          messages: fc.integer({ min: 1, max: 800 }),
          perSecond: fc.constantFrom(5, 100, 5_000, Number.POSITIVE_INFINITY),
          perRequest: fc.constantFrom(1, 10),
          messageBytes: fc.constantFrom(900, 190_000),
        }),
        fc.record({
          batchSize: fc.integer({ min: 1, max: 2_000 }),
          windowSeconds: fc.constantFrom(1, 2, 5),
          maximumConcurrency: fc.integer({ min: 2, max: 10 }),
        }),
        (stream, source) => {
          const batches = simulateBatches(stream, source);
          const places = batches.flatMap(({ messages }) => messages.map(({ place }) => place));
          expect(places.toSorted((a, b) => a - b)).toEqual(
            Array.from({ length: stream.messages }, (_, n) => n),
          );
          for (const { messages, receives, invokedAtMs } of batches) {
            expect(messages.length).toBeLessThanOrEqual(source.batchSize);
            expect(messages.length * stream.messageBytes).toBeLessThanOrEqual(6 * 1024 * 1024);
            expect(receives).toBeGreaterThanOrEqual(messages.length / 10);
            for (const { sentAtMs } of messages) expect(sentAtMs).toBeLessThanOrEqual(invokedAtMs);
          }
        },
      ),
      { numRuns: 100, seed: 1 },
    );
  });

  it('splits a steady stream among five pollers', () => {
    // A fifth of the messages of two seconds.
    expect(meanSize({})).toBeGreaterThan(300);
    expect(meanSize({})).toBeLessThan(450);
    expect(meanSize({}, { windowSeconds: 5 })).toBeGreaterThan(2 * meanSize({}));
    expect(meanSize({}, { maximumConcurrency: 2 })).toBeGreaterThan(2 * meanSize({}));
  });

  it('invokes a batch no later than the window after its first message, while it keeps up', () => {
    const waits = simulateBatches(STREAM, SOURCE).map(
      ({ messages, invokedAtMs }) => invokedAtMs - (messages[0]?.sentAtMs ?? 0),
    );
    expect(Math.max(...waits)).toBeLessThan(2_200);
  });

  it('fills batches from a backlog, by number or by size', () => {
    expect(Math.max(...sizes(simulateBatches(BACKLOG, SOURCE)))).toBe(2_000);
    const packed = sizes(simulateBatches({ ...BACKLOG, messages: 500, messageBytes: 190_000 }, SOURCE));
    expect(Math.max(...packed)).toBe(33);
  });

  it('takes a receive for each message that is sent by itself to a waiting poller', () => {
    const requests = (perRequest: number, perSecond: number) => {
      const stream = { ...STREAM, messages: 2_000, perRequest, perSecond };
      return queueRequests(simulateBatches(stream, SOURCE), perRequest);
    };
    expect(requests(10, 1_000).receiving).toBeLessThan(250);
    expect(requests(1, 10).receiving).toBeGreaterThan(2_000);
    expect(requests(10, 1_000).sending).toBe(200);
  });

  it('gives the same batches again', () => {
    expect(simulateBatches(STREAM, SOURCE)).toEqual(simulateBatches(STREAM, SOURCE));
  });
});
