import { describeTarget } from '../../../intelligence/allowlist/allow-entry.ts';
import type { KnownAbout } from '../../results/known-about.ts';
import { printable, styled } from '../terminal.ts';

/** What people have said about an address, one line each: its newest label, and why it is allowed. */
export function knownLines({ labels: [label], allowed }: KnownAbout): string[] {
  const lines: string[] = [];
  if (label !== undefined) {
    const { label: truth, isOfAddress, incidentDetected, labelledAtMs, assessment } = label;
    const day = new Date(labelledAtMs).toISOString().slice(0, 10);
    const what = isOfAddress ? 'as a whole' : `for ${assessment}`;
    const incident = incidentDetected ? ', an incident' : '';
    lines.push(
      styled(truth === 'malicious' ? 'red' : 'green', `labelled ${truth} on ${day} ${what}${incident}`),
    );
  }
  for (const entry of allowed) {
    lines.push(`allowed: ${describeTarget(entry)}, ${printable(entry.reason)} (${printable(entry.owner)})`);
  }
  return lines;
}
