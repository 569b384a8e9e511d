import type { RunFailure, RunFigures } from '../model/run-seed.ts';

/** Result of a campaign: many runs, with seeds derived from the campaign's. */
export interface CampaignResult extends RunFigures {
  readonly seed: number;
  readonly runs: number;
  readonly events: number;
  readonly lateArrivals: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** A hash of everything that happened. */
  readonly trace: string;
  readonly discrepancies: number;
  readonly failures: readonly CampaignFailure[];
}

export interface CampaignFailure extends RunFailure {
  /** Index of the run in the campaign. */
  readonly run: number;
}

export interface CampaignRequest {
  readonly seed: number;
  readonly records: number;
  readonly run?: number;
  readonly plant?: string;
  readonly endpoint?: string;
  readonly isProcess: boolean;
  readonly shrinkSeconds: number;
}
