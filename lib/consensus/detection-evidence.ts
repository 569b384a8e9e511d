import type { Detection } from './detection.ts';
import { isKnownGood } from './listing-evidence.ts';
import type { ScoringInput } from './scoring-input.ts';

/** Severities of distinct rules that fired, the gravest first; at most {@link MOST_RULES}. */
export type Severities = readonly number[];

/** Detections as plain figures, the same for every scorer. */
export interface DetectionEvidence {
  /** Of rules that fired on connections which nobody outside can have forged. */
  readonly firm: Severities;
  /** Those, and what anybody can forge. */
  readonly all: Severities;
}

/** Remarks of a sensor, such as a protocol that it could not follow, are no evidence. */
const LEAST_SEVERITY = 3;
/** Rules beyond these fire on the same thing again. */
const MOST_RULES = 4;
/** What a host asks a name server for speaks against that host or the name, and not against the server. */
const NAME_SERVER_PORTS: ReadonlySet<number | undefined> = new Set([53, 853, 5353]);

const NOTHING: DetectionEvidence = { firm: [], all: [] };

export function readDetections(input: ScoringInput): DetectionEvidence {
  const { detections, direction, dst_port, activity, threat_intel } = input;
  if (!Array.isArray(detections) || detections.length === 0) return NOTHING;
  if (direction !== 'inbound' && direction !== 'outbound') return NOTHING;
  if (direction === 'outbound' && NAME_SERVER_PORTS.has(dst_port)) return NOTHING;
  if (isKnownGood(threat_intel)) return NOTHING;
  const firm = severitiesOf(detections.filter((detection) => detection?.forgeable !== true));
  // The site itself talks with the address: what comes from there unasked may be in its name only.
  const all = activity?.is_partner === true ? firm : severitiesOf(detections);
  return { firm, all };
}

/** Whether there is anything that speaks for malice. */
export function haveDetections({ all }: DetectionEvidence): boolean {
  return all.length > 0;
}

/** Names what fired, for an analyst: `a rule of severity 1 and 2 more rules`. */
export function describeDetections({ all }: DetectionEvidence): string {
  const more = all.length - 1;
  const others = more > 0 ? ` and ${more} more ${more === 1 ? 'rule' : 'rules'}` : '';
  return `a detection rule of severity ${all[0]}${others}`;
}

function severitiesOf(detections: readonly Detection[]): Severities {
  return detections
    .map((detection) => detection?.severity)
    .filter((severity) => Number.isInteger(severity) && severity >= 1 && severity <= LEAST_SEVERITY)
    .sort((a, b) => a - b)
    .slice(0, MOST_RULES);
}
