import type { Scorer } from '../vote.ts';
import { mlBased } from './ml-based.ts';
import { ruleBased } from './rule-based.ts';
import { statistical } from './statistical.ts';

/** The engine's scorers, each good on its own and different in kind. */
export const SCORERS: readonly Scorer[] = [statistical, ruleBased, mlBased];
