import type { SourceEdit } from './source-edit.ts';

/** Faults that a campaign must find: each undoes one protection of deliveries. */
const PLANTED: Readonly<Record<string, readonly SourceEdit[]>> = {
  'parts-by-number': [
    {
      from: 'parts.map((part) => ({ groups: part, records: recordsHash(part) }))',
      to: 'parts.map((part, number) => ({ groups: part, records: String(number) }))',
    },
  ],
  'summary-parts-by-number': [
    {
      from: "rest.map((items) => {\n    const hash = contentHash(items.join('\\n'));",
      to: 'rest.map((items, number) => {\n    const hash = String(number);',
    },
  ],
  'hash-in-order-of-verdicts': [
    {
      from: 'groups.flatMap((group) => group.rows).sort(byPlace)',
      to: 'groups.flatMap((group) => group.rows)',
    },
  ],
  'summary-first': [
    {
      from: 'writeAll(table, units, itemsBeforeSummary, patience)',
      to: 'writeAll(table, units, (unit) => [...timedSummary(unit), ...itemsBeforeSummary(unit)], patience)',
    },
  ],
  'improved-summary-first': [
    {
      from: 'for (const [place, unit] of improved) place.scored = unit;',
      to: `for (const [place, unit] of improved) {
      place.scored = unit;
      const before = { ...unit, items: [], summary: { ...unit.summary, further: [] } };
      await storeUnits([before], this.#options, this.#options.budget);
    }`,
    },
  ],
  'summary-not-awaited': [
    {
      from: 'const unsummarized = await writeAll(table, written, timedSummary, { deadlineMs: endMs, now });',
      to: `void writeAll(table, written, timedSummary, { deadlineMs: endMs, now });
  const unsummarized = new Map<TimedUnit, ServiceError>();`,
    },
  ],
  'summary-failure-ignored': [
    {
      from: '[...unwritten, ...unsummarized]',
      to: '[...unwritten]',
    },
  ],
  'summary-without-its-items': [
    {
      from: 'units.filter((unit) => !unwritten.has(unit))',
      to: '[...units]',
    },
  ],
  'unprocessed-ignored': [
    {
      from: 'if (unprocessed.length === 0) return undefined;',
      to: 'if (unprocessed.length < 99) return undefined;',
    },
  ],
  'time-out-is-success': [
    {
      from: 'outcome = { left, error: toServiceError(cause, action) };',
      to: "if ((cause as Error).name === 'AbortError') return undefined;\n      outcome = { left, error: toServiceError(cause, action) };",
    },
  ],
  'rejections-not-awaited': [
    {
      from: 'const failures = new Map(unsent);',
      to: 'void unsent; const failures = new Map<string, ServiceError>();',
    },
  ],
  'failed-entries-ignored': [
    {
      from: 'if (first === undefined) return undefined;',
      to: 'if (first === undefined || batch.length > 0) return undefined;',
    },
  ],
  'duplicates-stored': [
    {
      from: 'if (seen.has(entry.canonical)) continue;',
      to: '',
    },
  ],
  'failed-deleted-early': [
    {
      from: 'done.filter(({ messageId }) => !this.#failures.messages.has(messageId))',
      to: '[...done]',
    },
  ],
  'suspects-among-others': [
    {
      from: 'SUSPECT_RECEIVE_COUNT = 3',
      to: 'SUSPECT_RECEIVE_COUNT = 300',
    },
  ],
  'neighbours-not-deleted': [
    {
      from: 'const undone = await deleteMessages(workQueue, handled, patience);',
      to: 'const undone: { element: QueuedMessage }[] = []; void [deleteMessages, patience];',
    },
  ],
  'attempts-never-end': [
    {
      from: 'if (this.#failures.hasFailed(suspect.messageId)) await this.#end(suspect);',
      to: '',
    },
  ],
  'given-up-unsent': [
    {
      from: 'if (problem === undefined) this.#failures.giveUp(message.messageId, cause.reason);',
      to: 'if (problem !== "never") this.#failures.giveUp(message.messageId, cause.reason);',
    },
  ],
  'readers-ignore-summaries': [
    {
      from: `if (list === undefined) continue;
      yield* readListed(table, pickListed(list, found, nowMs), readAddressItems);`,
      to: `void [list, pickListed];
      yield* readListed(table, found, readAddressItems);`,
    },
  ],
  'attention-ignores-summaries': [
    {
      from: 'list?.records.includes(name.records) === true',
      to: 'list !== undefined',
    },
  ],
  'statistics-of-any-version': [
    {
      from: 'if (understood !== undefined) yield understood;',
      to: 'yield understood ?? entry;',
    },
  ],
};

export const PLANT_NAMES = Object.keys(PLANTED);

/** @throws RangeError for a name that nobody knows */
export function plantedEdits(name: string): readonly SourceEdit[] {
  const edits = PLANTED[name];
  if (edits === undefined) throw new RangeError(`there is no planted fault "${name}"; see --list-plants`);
  return edits;
}
