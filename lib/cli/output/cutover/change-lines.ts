import { cutoverText, FORCED_MEANING, meaningOf } from '../../../cutover/plan-change.ts';
import type { ProposedChange } from '../../results/proposed-change.ts';

/** Old and new for a human. */
export function proposalLines(name: string, { before, from, to }: ProposedChange): string[] {
  const old = from === undefined ? 'invalid' : cutoverText(from);
  return [
    `${name}`,
    `  from  ${old} (version ${before.version})`,
    `  to    ${cutoverText(to)}`,
    meaningOf(to),
    ...(to.forced === true ? [FORCED_MEANING] : []),
  ];
}

/** A change that was made, for a human. */
export function changedLine(version: number): string {
  return `changed: version ${version}; takes effect within 36 seconds`;
}

/** A change that was made as one JSON object, for programs. */
export function changedJson(parameter: string, { from, to }: ProposedChange, version: number): string {
  return JSON.stringify({ parameter, version, from: from ?? null, to });
}
