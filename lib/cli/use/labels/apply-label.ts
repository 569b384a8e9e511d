import { clearAddress, withdrawClearance } from '../../../announcement/clear-address.ts';
import { describeCleared } from '../../../announcement/describe-cleared.ts';
import { isSettledBy, labelOfFinding } from '../../../announcement/labelled-finding.ts';
import { type Announced, getAnnounced, replaceAnnounced } from '../../../store/announced.ts';
import { readFindingsOf } from '../../../store/findings.ts';
import { type Label, readLabelsOf } from '../../../store/labels.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import type { TableAccess } from '../../../store/table-access.ts';

const PATIENCE_MS = 10_000;

/** A label's effect on announcements: `cleared` is announced, `withdrawn` allows the address to be announced again. */
export type LabelEffect = 'cleared' | 'withdrawn' | 'none';

/**
 * Retracts an address's announcements when a label clears it, and withdraws the retraction when a later label says
 * malicious. This is decided once even if several processes try, and again only after a new announcement.
 *
 * @param read the assessment that was labelled
 * @throws {ServiceError}
 */
export async function applyLabel(
  table: TableAccess,
  label: Label,
  read: ReadAssessment,
): Promise<LabelEffect> {
  const { address } = label;
  const isBenign = label.label === 'benign';
  if (isBenign && !(await isAllSettled(table, label))) return 'none';
  const described = describeCleared(read);
  const change = (known: Announced) =>
    isBenign
      ? clearAddress(known, { address, labelledAtMs: label.labelledAtMs, described })
      : withdrawClearance(known);
  const patience = { deadlineMs: Date.now() + PATIENCE_MS };
  for (;;) {
    const known = (await getAnnounced(table, [address], { ...patience, isConsistent: true })).get(address);
    const changed = known && change(known);
    if (changed === undefined) return 'none';
    if (await replaceAnnounced(table, changed, patience)) return isBenign ? 'cleared' : 'withdrawn';
  }
}

/** A label of one assessment clears its address only if no other finding is open. */
async function isAllSettled(table: TableAccess, label: Label): Promise<boolean> {
  if (label.isOfAddress) return true;
  const [findings, labels] = await Promise.all([
    Array.fromAsync(readFindingsOf(table, label.address, label.labelledAtMs)),
    Array.fromAsync(readLabelsOf(table, label.address)),
  ]);
  const all = [label, ...labels.filter(({ assessment }) => assessment !== label.assessment)];
  return findings.every((finding) => {
    const own = labelOfFinding(finding, all);
    return own?.label === 'benign' && isSettledBy(own, finding);
  });
}
