import { describe, expect, it, vi } from 'vitest';
import { connectionsTo, contents, ndjson } from '../../fixtures/service/connections.ts';
import { failuresOf, metricsOf, recordCounts } from '../../fixtures/service/function-log.ts';
import { EVENTUALLY, impatientScoring, startScoringService } from '../../fixtures/service/scoring-service.ts';
import { on, SEND_FAULTS } from '../../fixtures/service/service-faults.ts';
import { storedContents, summariesOf } from '../../fixtures/service/table-contents.ts';

/** More than one request holds. */
const INVALID = Array.from({ length: 12 }, (_, n) => `{"n": ${n},  "spaces": "kept"}`);
const RECORDS = connectionsTo('198.18.0', 3);
const NEIGHBOURS = connectionsTo('198.18.1', 2);
const BODY = [...INVALID.slice(0, 6), ndjson(RECORDS), ...INVALID.slice(6)].join('\n');
/** Indices of the invalid records in the body. */
const INDEXES = [0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14];

// Most of the time is spent waiting for messages to reappear, so the tests wait concurrently.
describe.concurrent('when messages to the rejected queue', () => {
  it.for(SEND_FAULTS)(
    '$kind, their source comes again and each rejection is identified once',
    async ({ kind, fault }, { onTestFinished }) => {
      const definition = impatientScoring({ work: { visibilityTimeoutSeconds: 1 } });
      const service = await startScoringService({ definition });
      onTestFinished(() => service.stop());
      service.faults.sqs = on('SendMessageBatch', fault);

      const [source] = await service.pushTogether(BODY, ndjson(NEIGHBOURS));
      await vi.waitFor(() => expect(failuresOf(service.logLines)).not.toEqual([]), EVENTUALLY);
      // While the faults go on.
      const neighbour = await vi.waitFor(async () => {
        const [summary] = await summariesOf(service.table, [ndjson(NEIGHBOURS)]);
        expect(summary).toBeDefined();
        return summary;
      }, EVENTUALLY);
      await service.endFaults();
      await service.drained();

      const entries = await service.rejections();
      const identified = new Map(entries.map((entry) => [`${entry.source} ${entry.index}`, entry]));
      expect(identified.size).toBe(INVALID.length);
      expect(INDEXES.map((index) => identified.get(`${source} ${index}`)?.text)).toEqual(INVALID);
      for (const { scope, reason } of entries) {
        expect({ scope, reason }).toEqual({
          scope: 'record',
          reason: expect.stringMatching(/^record: none of a connection's fields/),
        });
      }
      // At least once: only a lost answer leads to duplicates.
      if (!kind.startsWith('are done')) expect(entries).toHaveLength(INVALID.length);
      expect(await storedContents(service.table)).toEqual(contents([...RECORDS, ...NEIGHBOURS]));
      expect(neighbour?.statistics.stored).toBe(2);
      expect(failuresOf(service.logLines)[0]).toMatchObject({ failed: 1, messages: 2 });
      await vi.waitFor(() => {
        const counts = metricsOf(service.logLines).map(recordCounts);
        expect(counts.at(-1)).toMatchObject({ stored: 3, rejected: 12, failedMessages: 0 });
      }, EVENTUALLY);
    },
  );
});
