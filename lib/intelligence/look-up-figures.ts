import type { LookUpOutcome } from './look-up.ts';
import type { ProviderName } from './providers/provider.ts';

/** Figures of one round, for metrics: addresses by outcome, and how many answers were cached. */
export interface LookUpFigures {
  readonly providers: Readonly<Partial<Record<ProviderName, ProviderFigures>>>;
  readonly listed: number;
}

export interface ProviderFigures {
  readonly calls: number;
  readonly failures: number;
  /** Answers from an earlier look-up. */
  readonly cacheHits: number;
  readonly outcomes: Readonly<Partial<Record<LookUpOutcome, number>>>;
  readonly isCircuitOpen: boolean;
  readonly isKeyRefused: boolean;
}
