import { type AllowEntry, describeTarget, isInForce } from '../../intelligence/allowlist/allow-entry.ts';
import type { AddedEntry, WhyAllowed } from '../results/allowlist.ts';
import { printable, styled } from './terminal.ts';

/** An entry for a human, in two lines. */
export function entryLines(entry: AllowEntry, nowMs: number): string[] {
  const until = isInForce(entry, nowMs) ? styled('dim', expiryText(entry)) : styled('yellow', 'expired');
  return [
    `  ${entry.id}  ${styled('bold', describeTarget(entry))}  ${until}`,
    `            ${printable(entry.reason)} (${printable(entry.owner)}, ${dayText(entry.addedAtMs)})`,
  ];
}

export function addedLines({ entry, replaced, contradicting }: AddedEntry): string[] {
  const does = replaced === undefined ? 'is allowed' : 'is still allowed; the entry was replaced';
  return [
    `${describeTarget(entry)} ${does}, ${expiryText(entry)}: entry ${entry.id}`,
    'takes effect within 36 seconds. Scores are kept; remove the entry to show everything again',
    ...contradicting.map(({ address, labelledAtMs }) =>
      styled(
        'yellow',
        `but ${address} was labelled malicious on ${dayText(labelledAtMs)}: see \`assessments ${address}\``,
      ),
    ),
  ];
}

export function whyLines({ address, entries, expired, latest }: WhyAllowed, nowMs: number): string[] {
  const lines: string[] = [];
  if (entries.length === 0) lines.push(`${address} is not allowed: no entry covers it`);
  else {
    lines.push(
      `${address} is allowed by ${entries.length === 1 ? 'this entry' : `${entries.length} entries`}:`,
    );
    lines.push(...entries.flatMap((entry) => entryLines(entry, nowMs)));
  }
  if (expired.length > 0) {
    lines.push(
      'it was allowed by entries that have expired:',
      ...expired.flatMap((entry) => entryLines(entry, nowMs)),
    );
  }
  if (latest === undefined) lines.push('nothing is stored about it');
  else {
    const { threat_score } = latest.assessment;
    lines.push(`its latest score is ${threat_score.toFixed(3)}; \`assessments ${address}\` shows why`);
  }
  return lines;
}

/** An entry as JSON, for programs. */
export function entryJson({
  id,
  network,
  port,
  direction,
  reason,
  owner,
  addedAtMs,
  expiresAtMs,
}: AllowEntry) {
  return { id, network, port, direction, reason, owner, added_at: addedAtMs, expires_at: expiresAtMs };
}

function expiryText({ expiresAtMs }: AllowEntry): string {
  return expiresAtMs === undefined ? 'until it is removed' : `until ${new Date(expiresAtMs).toISOString()}`;
}

function dayText(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
