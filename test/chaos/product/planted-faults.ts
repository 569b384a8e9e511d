import type { SourceEdit } from './source-edit.ts';

/** Faults that a campaign must find: each removes one protection of deliveries. */
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
      from: '(unit) => itemsOf(unit, isChanged)',
      to: `(unit) => [
        ...timedSummary({ unit, result: unit } as unknown as Summarized, 0),
        ...itemsOf(unit, isChanged),
      ]`,
    },
  ],
  'improved-summary-first': [
    {
      from: 'for (const [place, unit] of improved) place.scored = { ...unit, storedMs };',
      to: `for (const [place, unit] of improved) place.scored = { ...unit, storedMs };
    await storeUnits([...improved.values()], this.#options, this.#options.budget, () => false);`,
    },
  ],
  'summary-not-awaited': [
    {
      from: 'const unsummarized = await writeAll(table, complete, (each) => timedSummary(each, storedMs), patience);',
      to: `void writeAll(table, complete, (each) => timedSummary(each, storedMs), patience);
  const unsummarized = new Map<Summarized, Unwritten[]>();`,
    },
  ],
  'summary-failure-ignored': [
    {
      from: 'incomplete.get(each) ?? unsummarized.get(each) ?? []',
      to: 'incomplete.get(each) ?? []',
    },
  ],
  'summary-without-its-items': [
    {
      from: 'errorsByAddress(unwritten.get(unit))',
      to: 'errorsByAddress()',
    },
  ],
  'neighbours-of-lost-kept': [
    {
      from: 'for (const source of sources) if (!lostSources.has(source)) lostSources.set(source, reason);',
      to: '',
    },
  ],
  'items-of-lost-named': [
    {
      from: 'if (lostAddresses.has(address)) continue;\n    items.push',
      to: 'items.push',
    },
  ],
  'earlier-deliveries-ignored': [
    {
      from: 'else if (stored?.has(messageId) !== true) open.push(message);',
      to: 'else open.push(message);',
    },
  ],
  'decided-whoever-was-first': [
    {
      from: "ConditionExpression: 'attribute_not_exists(pk)'",
      to: "ConditionExpression: 'attribute_not_exists(nothing)'",
    },
  ],
  'unnoted-counts-as-stored': [
    {
      from: 'const error = noted?.failures.get(address);',
      to: 'const error = undefined as ServiceError | undefined;',
    },
  ],
  'failed-look-ups-ignored': [
    {
      from: 'if (stored instanceof Error) failed.set(message, stored);',
      to: 'if (stored instanceof Error) open.push(message);',
    },
  ],
  'origins-ignored': [
    {
      from: 'return origin ?? { messageId, sentAtMs };',
      to: 'return { messageId, sentAtMs };',
    },
  ],
  'units-named-by-minute': [
    {
      from: "contentHash(messageIds.toSorted().join('\\n'))",
      to: "contentHash('')",
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
      from: 'const error = unsent.get(originOf(message).messageId);',
      to: 'const error: ServiceError | undefined = undefined;',
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
      from: 'const known = seen.get(read.canonical);',
      to: 'const known: UnitRecord | undefined = undefined as UnitRecord | undefined;',
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
      from: 'await this.#end(group.filter(({ messageId }) => this.#failures.hasFailed(messageId)));',
      to: '',
    },
  ],
  'charged-among-others': [
    {
      from: 'if (!this.#ledger.isClear(suspect)) groups.push([suspect]);\n      else if',
      to: 'if',
    },
  ],
  'groups-not-counted': [
    {
      from: 'const problem = await this.#problemOf(() => this.#ledger.begin(group));',
      to: 'const problem = await this.#problemOf(() => this.#ledger.begin(group.slice(0, 1)));',
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
  'shared-messages-shown-twice': [
    {
      from: 'else if (first !== unit) join(sets, first, unit);',
      to: 'else if (first !== unit && messages.length < 0) join(sets, first, unit);',
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

/** @throws RangeError for an unknown name */
export function plantedEdits(name: string): readonly SourceEdit[] {
  const edits = PLANTED[name];
  if (edits === undefined) throw new RangeError(`there is no planted fault "${name}"; see --list-plants`);
  return edits;
}
