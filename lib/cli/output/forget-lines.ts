import { type Forgotten, sumOf } from '../results/forgotten.ts';

/** Each kind in the singular and in the plural. */
const MEANINGS: Readonly<Record<string, readonly [string, string]>> = {
  assessments: ['item with verdicts, votes and connections', 'items with verdicts, votes and connections'],
  summaries: ['summary that named it; its counts stay', 'summaries that named it; their counts stay'],
  findings: ['finding', 'findings'],
  labels: ['label', 'labels'],
  announcements: ['record of what was announced', 'records of what was announced'],
  answers: ["provider's answer", "providers' answers"],
  connections: ['connection with another address', 'connections with other addresses'],
  host_mentions: ['finding of another address that named it', 'findings of other addresses that named it'],
};

/** Says what was erased, or would be, by kind. */
export function forgottenLines(forgotten: Forgotten): string[] {
  const { address, isDryRun, erased, allowEntries } = forgotten;
  const total = sumOf(forgotten);
  const rows = Object.entries(erased).filter(([, count]) => count > 0);
  const width = Math.max(...rows.map(([, count]) => String(count).length), 0);
  return [
    total === 0 ? `nothing is stored of ${address}` : `${isDryRun ? 'stored of' : 'erased of'} ${address}:`,
    ...rows.map(
      ([kind, count]) =>
        `  ${String(count).padStart(width)}  ${MEANINGS[kind]?.[count === 1 ? 0 : 1] ?? kind}`,
    ),
    ...allowEntries.map((id) => `an entry of the allowlist names it and stays: \`allow remove ${id}\``),
  ];
}

export function forgottenJson({ address, isDryRun, erased, allowEntries }: Forgotten): string {
  return JSON.stringify({ address, dry_run: isDryRun, erased, allow_entries: allowEntries });
}
