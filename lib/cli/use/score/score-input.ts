import { createAssess } from '../../../assessment/assess.ts';
import { createConsensus } from '../../../consensus/consensus.ts';
import { legacyScore } from '../../../cutover/legacy-score.ts';
import type { LogFormat } from '../../../logs/log-format.ts';
import { type Log, type LogSource, readLog } from '../../../logs/read-log.ts';
import { remoteEndpoint, scoringInput } from '../../../records/endpoint.ts';
import { createLocality, type IsLocal } from '../../../records/locality.ts';

export interface ScoreOptions {
  readonly home?: readonly string[];
  readonly format?: LogFormat;
}

/** What has come of the entries so far. */
export interface ScoreCounts {
  readonly scored: number;
  readonly invalid: number;
  readonly skipped: number;
}

/** A log that is scored while its results are read. */
export interface ScoredInput {
  /** The verdict of each record, or why it is invalid, in the order of the input. */
  readonly results: AsyncIterable<object>;
  /** Complete when the results have been read. */
  readonly counts: ScoreCounts;
}

/**
 * Scores a log by the engine alone.
 *
 * @throws {InputError} where the log cannot be read
 */
export async function scoreInput(source: LogSource, { home, format }: ScoreOptions): Promise<ScoredInput> {
  const isLocal = createLocality(home ?? []);
  const log = await readLog(source, format);
  const counts = { scored: 0, invalid: 0, skipped: 0 };
  return { results: resultsOf(log, isLocal, counts), counts };
}

async function* resultsOf(
  { entries, unit }: Log,
  isLocal: IsLocal,
  counts: { -readonly [Kind in keyof ScoreCounts]: number },
): AsyncGenerator<object> {
  const assess = createAssess({ consensus: createConsensus(), legacyScore });
  for await (const batch of entries) {
    for (const entry of batch) {
      const { position } = entry;
      if (entry.kind === 'skipped') {
        counts.skipped++;
      } else if (entry.kind === 'invalid') {
        counts.invalid++;
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
