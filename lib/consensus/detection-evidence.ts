import type { Detection } from './detection.ts';
import { isKnownGood } from './listing-evidence.ts';
import type { ScoringInput } from './scoring-input.ts';

/** Severities of distinct rules that fired, most severe first; at most {@link MOST_RULES}. */
export type Severities = readonly number[];

/** Detections as plain numbers, the same for every scorer. */
export interface DetectionEvidence {
  /** Rules that fired on connections which no outsider can have forged. */
  readonly firm: Severities;
  /** All rules, including those on connections that anybody can forge. */
  readonly all: Severities;
}

/** Remarks of a sensor, such as a protocol it could not parse, are not evidence. */
const LEAST_SEVERITY = 3;
/** Further rules usually fire on the same cause. */
const MOST_RULES = 4;
/** A suspicious query to a name server incriminates the host or the name, not the server. */
const NAME_SERVER_PORTS: ReadonlySet<number | undefined> = new Set([53, 853, 5353]);

const NOTHING: DetectionEvidence = { firm: [], all: [] };

export function readDetections(input: ScoringInput): DetectionEvidence {
  const { detections, direction, dst_port, activity, threat_intel } = input;
  if (!Array.isArray(detections) || detections.length === 0) return NOTHING;
  if (direction !== 'inbound' && direction !== 'outbound') return NOTHING;
  if (direction === 'outbound' && NAME_SERVER_PORTS.has(dst_port)) return NOTHING;
  if (isKnownGood(threat_intel)) return NOTHING;
  const firm = severitiesOf(detections.filter((detection) => detection?.forgeable !== true));
  // The site itself talks with the address: unsolicited packets from it may be spoofed.
  const all = activity?.is_partner === true ? firm : severitiesOf(detections);
  return { firm, all };
}

/** Whether there is any incriminating detection. */
export function haveDetections({ all }: DetectionEvidence): boolean {
  return all.length > 0;
}

/** Summarizes the detections for an analyst: `a rule of severity 1 and 2 more rules`. */
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
