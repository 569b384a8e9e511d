import type { UnitReading } from './audit-table.ts';
import type { Discrepancies } from './discrepancies.ts';
import { plain, type StoredItem, type WireItem } from './stored-form.ts';

const KNOWN_SCHEMA = 4;
/** How much a score may rise above the finding's. */
const STEP = 0.1;

/**
 * Checks that every stored verdict that needs a human has a finding, and that every piece of news was decided on: both
 * are written before the unit's summary.
 */
export function auditFindings(
  table: Iterable<WireItem>,
  readings: ReadonlyMap<string, UnitReading>,
  discrepancies: Discrepancies,
): void {
  const findings = new Map<string, { readonly score: number; readonly reasons: ReadonlySet<string> }>();
  const decided = new Map<string, Readonly<Record<string, unknown>>>();
  for (const wire of table) {
    if (Number(plain(wire.schema)) !== KNOWN_SCHEMA) continue;
    const [kind, address = ''] = String(plain(wire.pk)).split('#');
    if (kind === 'finding') {
      const [day, direction] = String(plain(wire.sk)).split('#');
      const reasons = new Set(String(plain(wire.reasons)).split(' '));
      findings.set(`${address} ${day} ${direction}`, { score: Number(plain(wire.score)), reasons });
    } else if (kind === 'announced') decided.set(address, JSON.parse(String(plain(wire.decided))));
  }
  for (const item of [...readings.values()].flatMap(({ items }) => items)) {
    auditNeeds(item, findings, decided, discrepancies);
  }
}

function auditNeeds(
  { key, address, needs }: StoredItem,
  findings: ReadonlyMap<string, { readonly score: number; readonly reasons: ReadonlySet<string> }>,
  decided: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
  discrepancies: Discrepancies,
): void {
  for (const { day, direction, score, reasons, isNews } of needs) {
    const finding = findings.get(`${address} ${day} ${direction}`);
    const told = `${key} ${direction} ${score} ${reasons.join(' ')}`;
    if (finding === undefined) discrepancies.add('what needs a human is no finding', told);
    else if (reasons.some((reason) => !finding.reasons.has(reason)))
      discrepancies.add('a finding lacks a reason', told);
    else if (score >= finding.score + STEP + 1e-9)
      discrepancies.add('a finding is less than what is stored', `${told} for ${finding.score}`);
    if (isNews && decided.get(address)?.['new-malicious'] === undefined)
      discrepancies.add('what is news was not decided on', told);
  }
}
