import type { Mutant } from './mutant.ts';

/** A mutant that behaves like the code in all that matters, so that no test can kill it. */
export interface Equivalent {
  readonly file: string;
  /** The line as it stands in the file, without indentation. */
  readonly lineText: string;
  readonly original: string;
  readonly replacement: string;
  readonly why: string;
}

export const EQUIVALENTS: readonly Equivalent[] = [
  ...equivalent(
    'lib/consensus/ballot.ts',
    "return String(thrown).split('\\n', 1)[0] ?? '';",
    'only the first part is taken',
    [['1', '2']],
  ),
  ...equivalent(
    'lib/consensus/consensus.ts',
    '.toSorted((a, b) => SCORER_NAMES.indexOf(a.name) - SCORER_NAMES.indexOf(b.name));',
    'each name is there once',
    [['indexOf', 'lastIndexOf']],
  ),
  ...equivalent(
    'lib/consensus/consensus.ts',
    'scores.push(vote.score);',
    'neither median nor spread depends on the order',
    [['push', 'unshift']],
  ),
  ...equivalent(
    'lib/consensus/consensus.ts',
    'confidences.push(vote.confidence);',
    'the median does not depend on the order',
    [['push', 'unshift']],
  ),
  ...equivalent(
    'lib/consensus/median.ts',
    'for (; j >= 0 && (sorted[j] ?? 0) > value; j--) sorted[j + 1] = sorted[j] ?? 0;',
    'equal numbers may change places',
    [['>', '>=']],
  ),
  ...equivalent(
    'lib/consensus/evidence.ts',
    "return typeof value === 'number' && value > 0 ? Math.min(value, LARGEST_COUNT) : 0;",
    '0 is 0 either way',
    [['>', '>=']],
  ),
  ...equivalent(
    'lib/consensus/scorers/combine-weights.ts',
    'if (feeds < 0 && reports > 0) return reports + feeds / (1 + reports);',
    'a weight of 0 adds nothing on either path',
    [
      ['<', '<='],
      ['>', '>='],
    ],
  ),
  ...equivalent(
    'lib/consensus/scorers/combine-weights.ts',
    'if (reports < 0 && feeds > 0) return feeds + reports / (1 + feeds);',
    'a weight of 0 adds nothing on either path',
    [
      ['<', '<='],
      ['>', '>='],
    ],
  ),
  ...equivalent(
    'lib/consensus/scorers/combine-weights.ts',
    'return feeds < 0 ? joinOverlapping(feeds, reports) : feeds + reports;',
    'a weight of 0 overlaps with nothing',
    [['<', '<=']],
  ),
  ...equivalent(
    'lib/consensus/scorers/ml-based.ts',
    'if (crowd > 1) weight += CROWD_WEIGHT * Math.log2(crowd);',
    'the logarithm of 1 is 0',
    [['>', '>=']],
  ),
  ...equivalent(
    'lib/consensus/scorers/statistical.ts',
    'const LARGEST_REPORT_COUNT = 512;',
    'the weight has reached its bound long before',
    [['512', '513']],
  ),
  ...equivalent(
    'lib/consensus/scorers/statistical.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is code
    'const TENTHS = Array.from({ length: 201 }, (_, i) => `${i / 10}`);',
    'no weight is that large',
    [['201', '202']],
  ),
  ...equivalent(
    'lib/consensus/scorers/statistical.ts',
    'if (reports === 0) return 0;',
    'a shortcut: the sum would be 0 too',
    [['reports === 0', 'false']],
  ),
  ...equivalent(
    'lib/consensus/scorers/weight-of-evidence.ts',
    'if (total <= 0) return 0;',
    'a shortcut: the sums would be 0 too',
    [
      ['total <= 0', 'false'],
      ['<=', '<'],
    ],
  ),
  ...equivalent(
    'lib/consensus/scorers/weight-of-evidence.ts',
    'const scale = total > largestTotal ? largestTotal / total : 1;',
    'the quotient of equal numbers is 1',
    [['>', '>=']],
  ),
  ...equivalent(
    'lib/consensus/scorers/weight-of-evidence.ts',
    'const ratio = Math.exp(Math.min(weight, 50));',
    'the bound is reached in double precision before either',
    [['50', '51']],
  ),
  ...equivalent(
    'lib/consensus/scorers/weight-of-evidence.ts',
    'const sums = new Float64Array(length + 1);',
    'one entry more is never read',
    [['1', '2']],
  ),
  ...equivalent(
    'lib/consensus/scorers/weight-of-evidence.ts',
    'for (let i = 0; i < length; i++) sums[i + 1] = (sums[i] ?? 0) + term(i);',
    'an array of fixed length ignores what lies beyond',
    [['<', '<=']],
  ),
  ...equivalent(
    'lib/consensus/scorers/weight-of-evidence.ts',
    'const index = Math.min(Math.floor(position), sums.length - 2);',
    'at the last entry the next one is taken for the same',
    [['-', '+']],
  ),
  ...equivalent(
    'lib/consensus/context.ts',
    'if (input.protocol != null) weight += PROTOCOL_WEIGHTS.get(input.protocol) ?? 0;',
    'no protocol has no weight either',
    [['input.protocol != null', 'true']],
  ),
  ...equivalent(
    'lib/consensus/evidence-sources.ts',
    "if (evidence.vendors > 0) sources.push('virustotal');",
    'the list is empty before',
    [['push', 'unshift']],
  ),
  ...equivalent(
    'lib/consensus/scorers/feed-features.ts',
    'vendorFlags > 0 ? Math.log1p(Math.min(vendorFlags, LARGEST_COUNT)) / FULL_ANSWER : 0,',
    'a shortcut: the logarithm of 1 is 0',
    [
      ['vendorFlags > 0', 'true'],
      ['>', '>='],
    ],
  ),
  ...equivalent(
    'lib/consensus/scorers/ml-based.ts',
    'return weight < 0 ? REASSURANCE_SHARE * weight : weight;',
    '0 is 0 either way',
    [['<', '<=']],
  ),
  ...equivalent(
    'lib/consensus/scorers/weight-of-evidence.ts',
    'if (weight === 0) return 0;',
    'a shortcut: the logarithm of 1 is 0',
    [['weight === 0', 'false']],
  ),
  ...equivalent(
    'lib/store/address-parts.ts',
    'const MAX_CONTENT_BYTES = 360_000;',
    'a byte more still leaves room below the limit of an item',
    [['360_000', '360001']],
  ),
  ...equivalent(
    'lib/store/address-parts.ts',
    'if (rows.length > 0) parts.at(-1)?.push({ ...group, rows });',
    'there is always a part',
    [['?.', '.']],
  ),
  ...equivalent(
    'lib/store/answer-store.ts',
    "const KINDS: ReadonlySet<ProviderAnswer['kind']> = new Set(['known', 'unknown', 'refused']);",
    'a known answer is judged by its intelligence before',
    [["'known'", "''"]],
  ),
  ...equivalent(
    'lib/store/keys.ts',
    'return Math.max(0, BASE64URL.indexOf(parseUnit(unit).hash.charAt(0))) % shards;',
    'each character is there once',
    [['indexOf', 'lastIndexOf']],
  ),
  ...equivalent(
    'lib/store/labels.ts',
    'const LABELS_AT_ONCE = 100;',
    'a request takes a hundred keys whatever is asked for',
    [['100', '101']],
  ),
  ...equivalent(
    'lib/store/labels.ts',
    'const keys = [...idsByKey.values()].flatMap(([id]) => (id === undefined ? [] : keyOf(id)));',
    'no group is empty',
    [['id === undefined', 'false']],
  ),
  ...equivalent(
    'lib/store/listed-items.ts',
    'const byUnit = Map.groupBy(items, (item) => parseAddressItemKey(item)?.unit);',
    'they were fetched by keys of such items',
    [['?.', '.']],
  ),
  ...equivalent(
    'lib/store/listed-items.ts',
    'if (items.every(({ schema }) => schema === SCHEMA_VERSION)) {',
    'a shortcut: items are read one by one below',
    [
      ['items.every(({ schema }) => schema === SCHEMA_VERSION)', 'false'],
      ['schema === SCHEMA_VERSION', 'undefined'],
    ],
  ),
  ...equivalent(
    'lib/store/merge-newest-first.ts',
    'if (newest === undefined || sequence === undefined) return;',
    'both are undefined, or neither',
    [['||', '&&']],
  ),
  ...equivalent(
    'lib/store/named-items.ts',
    'const list = this.#summaries.get(unit)?.items.find((listed) => listed.address === address);',
    'a summary has an address once',
    [['find', 'findLast']],
  ),
  ...equivalent(
    'lib/store/read-summaries.ts',
    'const stamp = settings === undefined ? undefined : readStamp(settings);',
    'undefined is no stamp either',
    [['settings === undefined', 'false']],
  ),
  ...equivalent(
    'lib/cutover/alarm-event.ts',
    "reasonData: z.string().default('{}'),",
    'what cannot be read has no causes either',
    [["'{}'", "''"]],
  ),
  ...equivalent(
    'lib/cutover/alarm-reading.ts',
    "causes: causesIn(alarm.StateReasonData ?? '{}'),",
    'what cannot be read has no causes either',
    [["'{}'", "''"]],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    "const settings = { ...DEFAULT_SETTINGS, mode: 'parallel' as const, consensusPercent: 50 };",
    'some addresses are enough',
    [['50', '51']],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    "const settled = settledOptions({ settings, origin: { source: 'none' }, unknownKeys: [] });",
    'never leaves the warm-up',
    [["'none'", "''"]],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    "const message = { messageId: 'warm-up', body, sentAtMs: 0, receiveCount: 1, receiptHandle: '' };",
    'never leaves the warm-up',
    [
      ["'warm-up'", "''"],
      ['0', '1'],
      ['1', '2'],
      ["''", "'mutated'"],
    ],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    'const vendors = { malicious_vendors: n % 20, suspicious_vendors: n % 3, total_vendors: 94 };',
    'made up: any other valid record warms up as well',
    [
      ['20', '21'],
      ['3', '4'],
      ['94', '95'],
    ],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    'num_distinct_users: n >> 1,',
    'made up: any other valid record warms up as well',
    [['1', '2']],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    'last_reported_at: 0,',
    'made up: any other valid record warms up as well',
    [['0', '1']],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    'timestamp: n * 1_000.5,',
    'made up: any other valid record warms up as well',
    [
      ['*', '/'],
      ['1_000.5', '1500.75'],
    ],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is code
    'id: `C${n}`,',
    'made up: any other valid record warms up as well',
    [['C', '']],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    'src_port: 1_024 + n,',
    'made up: any other valid record warms up as well',
    [['1_024', '1025']],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is code
    'dst_ip: n % 4 === 0 ? `2001:db8::${n % 50}` : `198.51.100.${n % 50}`,',
    'made up: any other valid record warms up as well',
    [
      ['4', '5'],
      ['0', '1'],
      ['===', '!=='],
      ['50', '51'],
    ],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    'dst_port: n % 2 === 0 ? 443 : n,',
    'made up: any other valid record warms up as well',
    [
      ['n % 2 === 0', 'true'],
      ['n % 2 === 0', 'false'],
      ['%', '*'],
      ['2', '3'],
      ['0', '1'],
      ['===', '!=='],
      ['443', '444'],
    ],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    '...(n % 3 !== 0 && {',
    'made up: any other valid record warms up as well',
    [
      ['3', '4'],
      ['0', '1'],
      ['!==', '==='],
    ],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    "const listings = [{ source: 'warm-up', kind: 'malicious', weight: 1 + n }];",
    'made up: any other valid record warms up as well',
    [['1', '2']],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    'const isListed = n % RECORDS_PER_LISTED_ONE === 1;',
    'made up: any other valid record warms up as well',
    [
      ['1', '2'],
      ['===', '!=='],
    ],
  ),
  ...equivalent(
    'lib/store/read-assessments.ts',
    'if (last?.unit === unit) last.items.push(item);',
    'the order is that of the summary',
    [['push', 'unshift']],
  ),
  ...equivalent(
    'lib/store/connection-rows.ts',
    "const [timestamp = 0, other = '', sourcePort, dst_port = 0, id, storedBytes, , ...measured] = row;",
    'every row has its first four columns',
    [
      ['0', '1'],
      ["''", "'mutated'"],
    ],
  ),
  ...equivalent(
    'lib/store/assessment-id.ts',
    'if (address === undefined || unit === undefined || endpoint === undefined) return undefined;',
    'a pattern that matches has these groups, and none of them otherwise',
    [['||', '&&']],
  ),
  ...equivalent(
    'lib/store/assessment.ts',
    "if (assessment.threat_score >= maliciousThreshold) reasons.push('malicious');",
    'the list is empty before',
    [['push', 'unshift']],
  ),
  ...equivalent(
    'lib/store/stored-text.ts',
    'const OPTIONS = { level: 1, windowBits: 12, memLevel: 5, chunkSize: 2_048 };',
    'decides size and speed, within measured limits',
    [
      ['1', '2'],
      ['12', '13'],
      ['5', '6'],
      ['2_048', '2049'],
    ],
  ),
  ...equivalent(
    'lib/store/write-items.ts',
    'unwritten.push(...(await retryBatch(chunk, write, ACTION, patience)));',
    'what is not written is reported in no order',
    [['push', 'unshift']],
  ),
  ...equivalent(
    'lib/assessment/suspects.ts',
    'return suspects.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));',
    'any positive number orders alike',
    [['1', '2']],
  ),
  ...equivalent(
    'lib/assessment/form-units.ts',
    'return a.record.timestamp - b.record.timestamp || (a.canonical < b.canonical ? -1 : 1);',
    'no two records have the same text',
    [['<', '<=']],
  ),
  ...equivalent(
    'lib/statistics/largest.ts',
    'const known = this.#kept.find((each) => each.key === key);',
    'a key is there once',
    [['find', 'findLast']],
  ),
  ...equivalent(
    'lib/assessment/score-address.ts',
    'const threat_intel = brought === undefined ? known.intel : scoredIntel(brought, lookUps);',
    'a shortcut: it was worked out in the same way',
    [['brought === undefined', 'false']],
  ),
  ...equivalent(
    'lib/assessment/warm-up.ts',
    "geo_data: { country_code: 'ZZ' },",
    'made up: any other valid record warms up as well',
    [["'ZZ'", "''"]],
  ),
  ...equivalent(
    'lib/cutover/roll-back.ts',
    "const { description = '', changedAtMs = 0 } = history.at(-1) ?? {};",
    'where there is no value, nobody has rolled back',
    [
      ["''", "'mutated'"],
      ['0', '1'],
    ],
  ),
  ...equivalent(
    'lib/cutover/roll-back.ts',
    "const { value, version } = last ?? initial ?? { value: '', version: 0 };",
    'there is one of them: without, the run has ended',
    [
      ["''", "'mutated'"],
      ['0', '1'],
    ],
  ),
  ...equivalent(
    'lib/cutover/guard-cutover.ts',
    "const raised = trigger.kind === 'alarm' ? trigger.alarm : undefined;",
    'the other triggers have no alarm',
    [["trigger.kind === 'alarm'", 'true']],
  ),
  ...equivalent(
    'lib/cutover/plan-change.ts',
    'return percents > 0 || (percents === 0 && MODES.indexOf(to.mode) > MODES.indexOf(from.mode));',
    'each mode is there once',
    [['indexOf', 'lastIndexOf']],
  ),
];

function equivalent(
  file: string,
  lineText: string,
  why: string,
  changes: ReadonlyArray<readonly [original: string, replacement: string]>,
): Equivalent[] {
  return changes.map(([original, replacement]) => ({ file, lineText, original, replacement, why }));
}

export function isEquivalent(mutant: Mutant): boolean {
  return EQUIVALENTS.some((equivalent) => matches(equivalent, mutant));
}

export function matches(equivalent: Equivalent, mutant: Mutant): boolean {
  return (
    equivalent.file === mutant.file &&
    equivalent.lineText === mutant.lineText &&
    equivalent.original === mutant.original &&
    equivalent.replacement === mutant.replacement
  );
}
