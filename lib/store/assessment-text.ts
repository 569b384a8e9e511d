import type { Assessment } from './assessment.ts';

/** Writes the stored form of an assessment, as JSON: assessments with the same text are one. */
export function assessmentText(assessment: Assessment): string {
  const kept: Record<string, unknown> = { ...assessment };
  // JSON leaves out undefined values.
  for (const name of CAN_BE_EMPTY) if (isEmpty(kept[name])) kept[name] = undefined;
  return JSON.stringify(kept);
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === false;
  for (const _ in value) return false;
  return true;
}

/** Restores the fields that `assessmentText` left out. */
export function wholeAssessment(stored: Partial<Assessment>): Assessment {
  const leftOut = stored.method === 'median' ? { ...EMPTY, ...EMPTY_CONSENSUS } : EMPTY;
  return { ...leftOut, ...stored } as Assessment;
}

const EMPTY = { votes: {}, failures: {}, evidence: [], input: {} } as const;
const EMPTY_CONSENSUS = { outliers: [], degraded: false, high_uncertainty: false } as const;
const CAN_BE_EMPTY = Object.keys({ ...EMPTY, ...EMPTY_CONSENSUS });
