import type { ReadAssessment } from '../../store/address-item.ts';

/** The form in which commands print an assessment for programs. */
export function assessmentJson({
  id,
  address,
  ingestedAtMs,
  assessment,
  connections,
}: ReadAssessment): string {
  return JSON.stringify({ id, address, ingested_at: ingestedAtMs, ...assessment, connections });
}
