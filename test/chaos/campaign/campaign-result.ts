import type { RunFailure, RunFigures } from '../model/run-seed.ts';

/** What a campaign came to: many runs, whose seeds follow from the campaign's. */
export interface CampaignResult extends RunFigures {
  readonly seed: number;
  readonly runs: number;
  readonly events: number;
  readonly lateArrivals: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Stands for all that happened. */
  readonly trace: string;
  readonly discrepancies: number;
  readonly failures: readonly CampaignFailure[];
}

export interface CampaignFailure extends RunFailure {
  /** Which run of the campaign. */
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
