import { isFindingAllowed } from '../../../announcement/allowed-finding.ts';
import { joinFindings } from '../../../announcement/join-findings.ts';
import { compareUrgency, type Urgency, urgencyOf } from '../../../announcement/urgency.ts';
import type { Allowlist } from '../../../intelligence/allowlist/allowlist.ts';
import type { Finding } from '../../../store/finding.ts';

/** The findings of an address in one direction, over the report's days. */
export interface SummedFinding extends Omit<Finding, 'day' | 'announced' | 'revision' | 'expiresAt'> {
  readonly urgency: Urgency;
  /** Whether the preceding period had no such finding, or only non-malicious ones while this is malicious. */
  readonly isNew: boolean;
}

export interface SummedFindings {
  /** Most urgent first, without those only counted here. */
  readonly concerning: readonly SummedFinding[];
  readonly knocking: number;
  readonly allowed: number;
}

/**
 * Groups a period's findings by address and direction.
 *
 * @param before findings of the preceding period
 */
export function sumFindings(
  findings: readonly Finding[],
  before: readonly Finding[],
  allowlist: Allowlist,
  nowMs: number,
): SummedFindings {
  const known = Map.groupBy(before, findingName);
  const concerning: SummedFinding[] = [];
  let knocking = 0;
  let allowed = 0;
  for (const [name, ofAddress] of Map.groupBy(findings, findingName)) {
    const summed = ofAddress.reduce(addFinding);
    if (isFindingAllowed(allowlist, summed, nowMs)) {
      allowed++;
      continue;
    }
    const urgency = urgencyOf(summed);
    if (urgency === 'knocking') knocking++;
    else concerning.push({ ...summed, urgency, isNew: isNews(summed, known.get(name) ?? []) });
  }
  concerning.sort(compareUrgency);
  return { concerning, knocking, allowed };
}

/** Key of a report entry: an address in one direction. */
export function findingName({ address, direction }: Pick<Finding, 'address' | 'direction'>): string {
  return `${direction} ${address}`;
}

function isNews({ reasons }: Finding, before: readonly Finding[]): boolean {
  if (!reasons.includes('malicious')) return before.length === 0;
  return !before.some((earlier) => earlier.reasons.includes('malicious'));
}

function addFinding(sum: Finding, next: Finding): Finding {
  const { pattern: _, ...rest } = sum;
  return { ...rest, ...joinFindings(sum, next) };
}
