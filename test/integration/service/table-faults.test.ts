import { describe, expect, it, vi } from 'vitest';
import { connectionsTo, contents, ndjson } from '../../fixtures/service/connections.ts';
import { failuresOf, metricsOf, recordCounts, warningsOf } from '../../fixtures/service/function-log.ts';
import {
  EVENTUALLY,
  impatientScoring,
  type ScoringService,
  startScoringService,
} from '../../fixtures/service/scoring-service.ts';
import { on, refuseNetwork, throttleNetwork, WRITE_FAULTS } from '../../fixtures/service/service-faults.ts';
import { storedContents, summariesOf } from '../../fixtures/service/table-contents.ts';

/** For failures of a whole batch: it is no longer in progress when its messages reappear. */
/** Longer than an invocation may take: a message that is still being written must not be delivered again. */
const SOON_AGAIN = impatientScoring({ work: { visibilityTimeoutSeconds: 4 } });

// Most of the time is spent waiting for messages to reappear, so the tests wait concurrently.
describe.concurrent('when writes to the table', () => {
  it.for(WRITE_FAULTS)(
    '$kind, all messages are delivered again and stored once',
    async ({ fault }, { onTestFinished }) => {
      const service = await startScoringService({ definition: SOON_AGAIN });
      onTestFinished(() => service.stop());
      const records = connectionsTo('198.18.0', 60);
      const bodies = [ndjson(records.slice(0, 20)), ndjson(records.slice(20))];
      service.faults.dynamodb = on('BatchWriteItem', fault);

      await service.pushTogether(...bodies);
      await untilSomethingFailed(service);
      await service.endFaults();
      await service.drained();

      expect(await storedContents(service.table)).toEqual(contents(records));
      const summaries = await summariesOf(service.table, bodies);
      expect(summaries.map((summary) => summary?.statistics.stored)).toEqual([20, 40]);
      expect(summaries.map((summary) => summary?.items.length)).toEqual([20, 40]);
      expect(await service.deadLetters()).toEqual([]);
      await vi.waitFor(() => {
        const counts = metricsOf(service.logLines).map(recordCounts);
        expect(counts.reduce((sum, { stored }) => sum + stored, 0)).toBe(60);
        expect(counts).toHaveLength(service.stack.usage().lambda.invocations);
        const failures = counts.filter(({ failedMessages }) => failedMessages > 0);
        expect(failuresOf(service.logLines)).toHaveLength(failures.length);
        expect(service.logLines).toHaveLength(counts.length + warningsOf(service.logLines).length);
      }, EVENTUALLY);
    },
  );

  it('fail and succeed soon, one invocation outlasts it', async ({ onTestFinished }) => {
    const service = await startScoringService({
      definition: impatientScoring({
        work: { visibilityTimeoutSeconds: 60 },
        function: { timeoutSeconds: 30 },
      }),
    });
    onTestFinished(() => service.stop());
    const records = connectionsTo('198.18.0', 30);
    const faults = WRITE_FAULTS.filter(({ kind }) => kind !== 'get no answer').values();
    service.faults.dynamodb = on('BatchWriteItem', (body) => faults.next().value?.fault(body));

    await service.push(ndjson(records));
    await service.drained();

    expect(await storedContents(service.table)).toEqual(contents(records));
    expect(faults.next().done).toBe(true);
    await vi.waitFor(() => expect(service.stack.usage().lambda.invocations).toBe(1), EVENTUALLY);
    expect(failuresOf(service.logLines)).toEqual([]);
  });

  it('are throttled for one message, its neighbours are stored at once, and it alone comes again', async ({
    onTestFinished,
  }) => {
    // Longer than an invocation, so that the neighbours are deleted before they reappear.
    const definition = impatientScoring({ work: { visibilityTimeoutSeconds: 4 } });
    const service = await startScoringService({ definition });
    onTestFinished(() => service.stop());
    const first = connectionsTo('198.18.0', 15);
    const throttled = connectionsTo('198.18.1', 15);
    const third = connectionsTo('198.18.2', 15);
    const bodies = [first, throttled, third].map(ndjson);
    service.faults.dynamodb = throttleNetwork('198.18.1');

    await service.pushTogether(...bodies);
    await untilSomethingFailed(service);
    const storedAtOnce = await storedContents(service.table);
    const summariesAtOnce = await summariesOf(service.table, bodies);
    await service.endFaults();
    await service.drained();

    expect(storedAtOnce).toEqual(contents([...first, ...third]));
    expect(summariesAtOnce.map((summary) => summary?.statistics.stored)).toEqual([15, undefined, 15]);
    expect(await storedContents(service.table)).toEqual(contents([...first, ...throttled, ...third]));
    const summaries = await summariesOf(service.table, bodies);
    expect(summaries.map((summary) => summary?.statistics.stored)).toEqual([15, 15, 15]);
    expect(failuresOf(service.logLines)).toMatchObject([{ failed: 1, messages: 3 }]);
    await vi.waitFor(() => {
      expect(metricsOf(service.logLines).map(recordCounts)).toEqual([
        { received: 30, stored: 30, duplicates: 0, rejected: 0, failedMessages: 1 },
        { received: 15, stored: 15, duplicates: 0, rejected: 0, failedMessages: 0 },
      ]);
    }, EVENTUALLY);
  });

  it('are refused for one message, it ends in the dead-letter queue as it came', async ({
    onTestFinished,
  }) => {
    const definition = impatientScoring({ maxReceiveCount: 2, work: { visibilityTimeoutSeconds: 4 } });
    const service = await startScoringService({ definition });
    onTestFinished(() => service.stop());
    const bodies = ['198.18.0', '198.18.1', '198.18.2'].map(
      (network) => `${ndjson(connectionsTo(network, 3))}\n{"not": "a record",  "spaces":  "kept"}`,
    );
    service.faults.dynamodb = refuseNetwork('198.18.1');

    await service.pushTogether(...bodies);
    await vi.waitFor(async () => expect(await service.deadLetters()).toEqual([bodies[1]]), EVENTUALLY);
    await service.drained();

    expect(await storedContents(service.table)).toEqual(
      contents([...connectionsTo('198.18.0', 3), ...connectionsTo('198.18.2', 3)]),
    );
    const summaries = await summariesOf(service.table, bodies);
    expect(summaries.map((summary) => summary?.statistics.stored)).toEqual([3, undefined, 3]);
    expect(failuresOf(service.logLines).at(-1)).toMatchObject({ failed: 1, messages: 1 });
  });
});

async function untilSomethingFailed({ logLines }: ScoringService): Promise<void> {
  await vi.waitFor(() => expect(failuresOf(logLines)).not.toEqual([]), EVENTUALLY);
}
