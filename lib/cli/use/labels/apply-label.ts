import { clearAddress, withdrawClearance } from '../../../announcement/clear-address.ts';
import { describeCleared } from '../../../announcement/describe-cleared.ts';
import { isSettledBy, labelOfFinding } from '../../../announcement/labelled-finding.ts';
import { type Announced, getAnnounced, replaceAnnounced } from '../../../store/announced.ts';
import { readFindingsOf } from '../../../store/findings.ts';
import { type Label, readLabelsOf } from '../../../store/labels.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import type { TableAccess } from '../../../store/table-access.ts';

const PATIENCE_MS = 10_000;

/** What a label changes about announcements: `cleared` is announced, `withdrawn` lets the address be announced again. */
export type LabelEffect = 'cleared' | 'withdrawn' | 'none';

/**
 * Takes back what was announced about an address that a label clears, and takes that back where a later label accuses the
 * address. It is decided once, whoever else decides meanwhile, and again only after a new announcement.
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

/** A label of one assessment clears its address only where nothing else that was found is left. */
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
