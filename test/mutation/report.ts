import { grouped, styled } from '../../lib/cli/output/terminal.ts';
import { describeChange, type Mutant } from './mutant.ts';
import type { Outcome } from './results.ts';

/** A mutant and what became of it. */
export interface Judged {
  readonly mutant: Mutant;
  readonly outcome: Outcome | 'equivalent';
}

export interface FolderCounts {
  readonly folder: string;
  readonly mutants: number;
  readonly killed: number;
  readonly timeout: number;
  readonly survived: number;
  readonly uncovered: number;
  readonly equivalent: number;
  /** Killed or timed out, of all but the equivalent ones; percent. */
  readonly killedPercent: number;
}

const OUTCOMES = ['killed', 'timeout', 'survived', 'uncovered', 'equivalent'] as const;

/** Counts by folder, and of all where there are several. */
export function countByFolder(judged: readonly Judged[]): FolderCounts[] {
  const folders = Map.groupBy(judged, ({ mutant }) => folderOf(mutant.file));
  const counts = [...folders].map(([folder, own]) => countOutcomes(folder, own));
  return folders.size > 1 ? [...counts, countOutcomes('all', judged)] : counts;
}

function countOutcomes(folder: string, judged: readonly Judged[]): FolderCounts {
  const count = (wanted: Judged['outcome']) => judged.filter(({ outcome }) => outcome === wanted).length;
  const [killed, timeout, survived, uncovered, equivalent] = OUTCOMES.map(count) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const counted = judged.length - equivalent;
  const killedPercent = counted === 0 ? 100 : Math.round((1_000 * (killed + timeout)) / counted) / 10;
  return { folder, mutants: judged.length, killed, timeout, survived, uncovered, equivalent, killedPercent };
}

/** `lib/consensus` for all that is below it. */
function folderOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

function survivorsOf(judged: readonly Judged[]): Mutant[] {
  return judged
    .filter(({ outcome }) => outcome === 'survived' || outcome === 'uncovered')
    .map(({ mutant }) => mutant);
}

/** A table by folder and a line for each survivor. */
export function reportLines(judged: readonly Judged[]): string[] {
  const survivors = survivorsOf(judged);
  const heading = survivors.length === 0 ? 'No mutant survived.' : `Survivors: ${grouped(survivors.length)}`;
  return [...tableLines(countByFolder(judged)), '', styled('bold', heading), ...survivors.map(survivorLine)];
}

function tableLines(counts: readonly FolderCounts[]): string[] {
  const rows = counts.map(({ folder, killedPercent, mutants, ...rest }) => [
    folder,
    grouped(mutants),
    ...OUTCOMES.map((outcome) => grouped(rest[outcome])),
    `${killedPercent.toFixed(1)} %`,
  ]);
  const table = [['folder', 'mutants', ...OUTCOMES, 'killed of all'], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   '),
  );
}

function survivorLine(mutant: Mutant): string {
  const context = mutant.lineText === mutant.original ? '' : styled('dim', `   ${mutant.lineText}`);
  return `${mutant.file}:${mutant.line}  ${describeChange(mutant)}${context}`;
}

export function reportJson(judged: readonly Judged[]): string {
  const survivors = survivorsOf(judged).map(({ file, line, kind, original, replacement }) => ({
    file,
    line,
    kind,
    original,
    replacement,
  }));
  return JSON.stringify({ folders: countByFolder(judged), survivors });
}
