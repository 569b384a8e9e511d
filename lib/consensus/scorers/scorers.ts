import type { OwnScorer } from '../own-scorer.ts';
import { mlBased } from './ml-based.ts';
import { ruleBased } from './rule-based.ts';
import { statistical } from './statistical.ts';

/** The engine's scorers, each good on its own and different in kind. */
export const SCORERS: readonly OwnScorer[] = [statistical, ruleBased, mlBased];
