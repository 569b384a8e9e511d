import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as z from 'zod';
import type { Listing } from '../consensus/listing.ts';
import { fileError, isFileSystemError } from '../files/file-error.ts';
import { LIST_TRAIT_FIELDS } from '../intelligence/lists/list-traits.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { LabelledSet } from './labelled-set.ts';

/**
 * Weights of lists as written by `npm run train -- --lists`. Families are added by a human who knows which lists copy
 * others.
 */
const listWeightsFile = z.looseObject({
  lists: z.record(
    LIST_TRAIT_FIELDS.source,
    z.looseObject({ weight: LIST_TRAIT_FIELDS.weight, family: LIST_TRAIT_FIELDS.family.optional() }),
  ),
});
type WeighedLists = z.output<typeof listWeightsFile>['lists'];

/** @throws {EvaluationError} if the file does not hold list weights */
export async function readListWeights(path: string): Promise<WeighedLists> {
  const name = basename(path);
  try {
    return listWeightsFile.parse(JSON.parse(await readFile(path, 'utf8'))).lists;
  } catch (cause) {
    if (isFileSystemError(cause)) throw fileError(cause, { action: 'read', path });
    const [issue] = cause instanceof z.ZodError ? cause.issues : [];
    const why = issue === undefined ? 'not JSON' : `${issue.path.join('.')}: ${issue.message}`;
    throw new EvaluationError(`${name} holds no weights of lists: ${why}`, { cause });
  }
}

/** Adds listings to rows for the lists that name them, if these have a weight. */
export function withListings(set: LabelledSet, weights: WeighedLists): LabelledSet {
  const rows = set.rows.map((row) => {
    const listings = (row.listedBy ?? []).flatMap((source): Listing[] => {
      const { weight, family } = weights[source] ?? {};
      return weight === undefined ? [] : [{ source, kind: 'malicious', weight, ...(family && { family }) }];
    });
    if (listings.length === 0) return row;
    return { ...row, input: { ...row.input, threat_intel: { ...row.input.threat_intel, listings } } };
  });
  return { ...set, rows };
}
