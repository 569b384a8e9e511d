import { counted } from '../../../statistics/count-text.ts';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** A span of time in its largest whole unit: `3 hours`, `1 day`. */
export function ago(milliseconds: number): string {
  for (const [unit, size] of UNITS) {
    if (milliseconds >= size) return counted(Math.floor(milliseconds / size), unit);
  }
  return 'a moment';
}
