import type { FanOut } from '../../../activity/fan-out.ts';
import { SiteSurvey, type SurveyResult } from '../../../activity/site-survey.ts';
import { createAssess } from '../../../assessment/assess.ts';
import { createConsensus } from '../../../consensus/consensus.ts';
import { legacyScore } from '../../../cutover/legacy-score.ts';
import type { Log } from '../../../logs/log.ts';
import type { InvalidEntry } from '../../../logs/log-entry.ts';
import type { LogFormat } from '../../../logs/log-format.ts';
import { countKind } from '../../../logs/totals.ts';
import { createLocality, type IsLocal } from '../../../records/locality.ts';
import { FanOutSum } from '../../../statistics/fan-out-sum.ts';
import type { EvidenceCounts } from '../../results/evidence-counts.ts';
import type { Input } from '../input/open-input.ts';
import { openLog } from '../input/open-log.ts';
import type { InputOutcome } from '../input/require-connections.ts';
import { EvidenceTally } from '../intel/evidence-tally.ts';
import type { ListOptions, OwnLists } from '../intel/own-lists.ts';
import { entryWindows } from './entry-windows.ts';
import { listed } from './listed.ts';
import { type IntelOf, type ScoredConnection, scoreWindow } from './score-window.ts';
import { type LookUpOptions, WindowLookUps } from './window-look-ups.ts';

export interface ScoreOptions extends ListOptions, LookUpOptions {
  readonly home?: readonly string[];
  readonly format?: LogFormat;
  /** Maximum number of records scored together. */
  readonly window?: number;
}

/** A log that is scored while its results are read. */
export interface ScoredInput {
  /** Each record's verdict, or why it is invalid, in input order. */
  readonly results: AsyncIterable<object>;
  /** Complete once the results have been read. */
  readonly outcome: () => InputOutcome;
  /** What the whole log shows; likewise. */
  readonly overview: () => LogOverview;
}

export interface LogOverview {
  readonly survey: SurveyResult;
  /** Local hosts that try many targets. */
  readonly fanOuts: readonly FanOut[];
  readonly evidence: EvidenceCounts;
  /** Why fewer addresses were looked up than possible. */
  readonly problem: string | undefined;
}

/**
 * Scores a log with the engine alone.
 *
 * @throws {InputError} if the log cannot be read
 */
export async function scoreInput(
  input: Input,
  options: ScoreOptions,
  lists: OwnLists = { lists: [] },
): Promise<ScoredInput> {
  const { home, format, window } = options;
  const isLocal = createLocality(home ?? []);
  const lookUps = WindowLookUps.open(options, isLocal);
  const log = await openLog(input, format);
  const counts = new Counts();
  const survey = new SiteSurvey();
  const fanOuts = new FanOutSum();
  const evidence = new EvidenceTally();
  const intelOf = await listed(lists, isLocal);
  return {
    results: resultsOf(log, {
      isLocal,
      windowEntries: window,
      counts,
      survey,
      fanOuts,
      evidence,
      intelOf,
      lookUps,
    }),
    overview: () => ({
      survey: survey.result,
      fanOuts: fanOuts.busiest,
      evidence: evidence.counts,
      problem: lookUps?.problem,
    }),
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

interface Scoring {
  readonly isLocal: IsLocal;
  readonly windowEntries: number | undefined;
  readonly counts: Counts;
  readonly survey: SiteSurvey;
  readonly fanOuts: FanOutSum;
  readonly evidence: EvidenceTally;
  readonly intelOf: IntelOf;
  readonly lookUps: WindowLookUps | undefined;
}

async function* resultsOf(
  { entries, unit }: Log,
  { isLocal, windowEntries, counts, survey, fanOuts, evidence, intelOf, lookUps }: Scoring,
): AsyncGenerator<object> {
  const assess = createAssess({ consensus: createConsensus(), legacyScore });
  for await (const window of entryWindows(entries, windowEntries)) {
    await lookUps?.inform(window, intelOf);
    const scored = scoreWindow(window, isLocal, assess, lookUps?.beside(intelOf) ?? intelOf);
    fanOuts.add(scored.fanOuts);
    for (const entry of window) {
      const { position } = entry;
      if (entry.kind === 'skipped') {
        countKind(counts.skipped, entry.what, 1);
      } else if (entry.kind === 'invalid') {
        counts.invalid++;
        counts.firstInvalid ??= entry;
        yield { [unit]: position, error: entry.reason };
      } else {
        counts.scored++;
        const { id } = entry.record;
        const { endpoint, assessment } = scored.verdicts.get(entry) as ScoredConnection;
        survey.add(entry.record, endpoint);
        evidence.add(endpoint.address, assessment);
        yield { [unit]: position, ...(id !== undefined && { id }), ...endpoint, ...assessment };
      }
    }
  }
}
