import type { SourceEdit } from './source-edit.ts';

/** Faults that a campaign must find: each undoes one protection. */
const PLANTED: Readonly<Record<string, readonly SourceEdit[]>> = {};

export const PLANT_NAMES = Object.keys(PLANTED);

/** @throws RangeError for a name that nobody knows */
export function plantedEdits(name: string): readonly SourceEdit[] {
  const edits = PLANTED[name];
  if (edits === undefined) throw new RangeError(`there is no planted fault "${name}"`);
  return edits;
}
