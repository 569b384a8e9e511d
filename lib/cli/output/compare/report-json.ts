import type { Gate } from '../../../statistics/readiness-gates.ts';
import type { ReadinessReport } from '../../../statistics/readiness-report.ts';

/** The report as JSON, for programs; shares and scores are from 0 to 1, null if there is nothing to divide by. */
export function reportJson({ gates, ...report }: ReadinessReport): string {
  return JSON.stringify({ ...report, gates: gates.map(gateJson) });
}

function gateJson({ name, value, minimum, maximum, below, isPassed }: Gate) {
  const bounds = { minimum, maximum, below };
  return {
    gate: name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
    ...bounds,
    passed: isPassed,
  };
}
