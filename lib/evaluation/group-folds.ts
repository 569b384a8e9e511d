import type { LabelledInput } from './labelled-set.ts';

/** Splits rows into folds by group, using the FNV-1a hash of the group's name. */
export function splitByGroup(rows: readonly LabelledInput[], foldCount: number): LabelledInput[][] {
  const folds: LabelledInput[][] = Array.from({ length: foldCount }, () => []);
  for (const row of rows) folds[hashText(row.group) % foldCount]?.push(row);
  return folds;
}

/** 32-bit FNV-1a (Fowler, Noll and Vo): small and portable. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
