import { createAssess } from '../../../assessment/assess.ts';
import { createConsensus } from '../../../consensus/consensus.ts';
import { legacyScore } from '../../../cutover/legacy-score.ts';
import type { InvalidEntry } from '../../../logs/log-entry.ts';
import type { LogFormat } from '../../../logs/log-format.ts';
import type { Log } from '../../../logs/read-log.ts';
import { remoteEndpoint, scoringInput } from '../../../records/endpoint.ts';
import { createLocality, type IsLocal } from '../../../records/locality.ts';
import type { Input } from '../input/open-input.ts';
import { openLog } from '../input/open-log.ts';
import type { InputOutcome } from '../input/require-connections.ts';
import { countKind } from '../push/totals.ts';

export interface ScoreOptions {
  readonly home?: readonly string[];
  readonly format?: LogFormat;
}

/** A log that is scored while its results are read. */
export interface ScoredInput {
  /** The verdict of each record, or why it is invalid, in the order of the input. */
  readonly results: AsyncIterable<object>;
  /** Complete when the results have been read. */
  readonly outcome: () => InputOutcome;
}

/**
 * Scores a log by the engine alone.
 *
 * @throws {InputError} where the log cannot be read
 */
export async function scoreInput(input: Input, { home, format }: ScoreOptions): Promise<ScoredInput> {
  const isLocal = createLocality(home ?? []);
  const log = await openLog(input, format);
  const counts = new Counts();
  return {
    results: resultsOf(log, isLocal, counts),
    outcome: () => ({
      name: input.name,
      format: log.format,
      unit: log.unit,
      connections: counts.scored,
      invalid: counts.invalid,
      firstInvalid: counts.firstInvalid,
      skipped: Object.fromEntries(counts.skipped),
    }),
  };
}

class Counts {
  scored = 0;
  invalid = 0;
  firstInvalid: InvalidEntry | undefined;
  readonly skipped = new Map<string, number>();
}

async function* resultsOf({ entries, unit }: Log, isLocal: IsLocal, counts: Counts): AsyncGenerator<object> {
  const assess = createAssess({ consensus: createConsensus(), legacyScore });
  for await (const batch of entries) {
    for (const entry of batch) {
      const { position } = entry;
      if (entry.kind === 'skipped') {
        countKind(counts.skipped, entry.what, 1);
      } else if (entry.kind === 'invalid') {
        counts.invalid++;
        counts.firstInvalid ??= entry;
        yield { [unit]: position, error: entry.reason };
      } else {
        counts.scored++;
        const { record } = entry;
        const endpoint = remoteEndpoint(record, isLocal);
        const id = record.id !== undefined && { id: record.id };
        const assessment = assess(scoringInput(record, endpoint));
        yield { [unit]: position, ...id, ...endpoint, ...assessment };
      }
    }
  }
}
