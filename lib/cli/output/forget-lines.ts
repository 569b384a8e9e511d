import { type Forgotten, sumOf } from '../results/forgotten.ts';

const MEANINGS: Readonly<Record<string, string>> = {
  assessments: 'items with verdicts, votes and connections',
  summaries: 'summaries that named it; their counts stay',
  findings: 'findings',
  labels: 'labels',
  announcements: 'what was announced, or still to be sent',
  answers: "providers' answers",
  connections: 'connections of this host with other addresses',
  host_mentions: 'findings of other addresses that named this host',
};

/** Says what was erased, or would be, by kind. */
export function forgottenLines(forgotten: Forgotten): string[] {
  const { address, isDryRun, erased, allowEntries } = forgotten;
  const total = sumOf(forgotten);
  const rows = Object.entries(erased).filter(([, count]) => count > 0);
  const width = Math.max(...rows.map(([, count]) => String(count).length), 0);
  return [
    total === 0 ? `nothing is stored of ${address}` : `${isDryRun ? 'stored of' : 'erased of'} ${address}:`,
    ...rows.map(([kind, count]) => `  ${String(count).padStart(width)}  ${MEANINGS[kind] ?? kind}`),
    ...allowEntries.map((id) => `an entry of the allowlist names it and stays: \`allow remove ${id}\``),
  ];
}

export function forgottenJson({ address, isDryRun, erased, allowEntries }: Forgotten): string {
  return JSON.stringify({ address, dry_run: isDryRun, erased, allow_entries: allowEntries });
}
