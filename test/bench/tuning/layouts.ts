import { brotliCompressSync, constants, deflateSync, zstdCompressSync } from 'node:zlib';
import type { AddressContent, AddressItem, StoredVerdict } from '../../../lib/store/address-item.ts';
import { readContent } from '../../../lib/store/read-address-items.ts';
import { storeText } from '../../../lib/store/stored-text.ts';

/** A way to lay out an address's assessments and connections. */
export interface Layout {
  readonly name: string;
  readonly itemsOf: (item: KeyedContent) => readonly object[];
}

/** What there is to lay out: an item's content, and what stands beside it. */
export interface KeyedContent {
  readonly beside: Readonly<Omit<AddressItem, 'content'>>;
  readonly content: AddressContent;
}

export function keyedContent(item: AddressItem): KeyedContent {
  const { content: _, ...beside } = item;
  return { beside, content: readContent(item) };
}

type Compress = (text: string) => string | Uint8Array;

const deflate =
  (level: number): Compress =>
  (text) =>
    deflateSync(text, { level });
const brotli: Compress = (text) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });

/** All of the content as one text. */
function oneText(store: Compress): Layout['itemsOf'] {
  return ({ beside, content }) => [{ ...beside, content: store(JSON.stringify(content)) }];
}

/** An attribute for everything, and an assessment's connections as one text. */
function attributes(store: Compress): Layout['itemsOf'] {
  return ({ beside, content }) => [{ ...beside, ...attributesOf(content, store) }];
}

function attributesOf({ kinds, verdicts }: AddressContent, store: Compress) {
  return { kinds, verdicts: verdicts.map((verdict) => verdictAttributes(verdict, store)) };
}

function verdictAttributes({ input, connections, ...verdict }: StoredVerdict, store: Compress) {
  return {
    ...verdict,
    ...(input !== undefined && { input: JSON.stringify(input) }),
    connections: store(connections.map((row) => JSON.stringify(row)).join('\n')),
  };
}

function withoutReasons({ beside, content }: KeyedContent): object[] {
  const verdicts = content.verdicts.map(({ votes = {}, ...verdict }) => ({
    ...verdict,
    votes: Object.fromEntries(
      Object.entries(votes).map(([name, { score, confidence }]) => [name, { score, confidence }]),
    ),
  }));
  return [{ ...beside, content: storeText(JSON.stringify({ kinds: content.kinds, verdicts })) }];
}

function itemPerVerdict({ beside: { sk, ...beside }, content: { kinds, verdicts } }: KeyedContent): object[] {
  return verdicts.map((verdict, n) => ({
    ...beside,
    sk: `${sk}#${n}`,
    content: storeText(JSON.stringify({ kinds, verdicts: [verdict] })),
  }));
}

function itemPerConnection({
  beside: { sk, ...beside },
  content: { kinds, verdicts },
}: KeyedContent): object[] {
  return verdicts.flatMap(({ connections, ...verdict }, n) => [
    { ...beside, sk: `${sk}#${n}`, content: storeText(JSON.stringify({ kinds, verdict })) },
    ...connections.map((row, m) => ({
      pk: beside.pk,
      sk: `${sk}#${n}#${m}`,
      connection: JSON.stringify(row),
    })),
  ]);
}

const AS_IT_IS: Compress = (text) => text;

/** What was compared; `SHIPPED` is what the service writes. */
export const SHIPPED = 'one text by zlib, level 1';
export const LAYOUTS: readonly Layout[] = [
  { name: 'attributes, connections as text', itemsOf: attributes(AS_IT_IS) },
  { name: 'attributes, connections by zlib', itemsOf: attributes(storeText) },
  { name: 'one text', itemsOf: oneText(AS_IT_IS) },
  { name: SHIPPED, itemsOf: oneText(storeText) },
  { name: 'one text by zlib, level 6', itemsOf: oneText(deflate(6)) },
  { name: 'one text by Brotli, quality 4', itemsOf: oneText(brotli) },
  { name: 'one text by Zstandard', itemsOf: oneText((text) => zstdCompressSync(text)) },
  { name: 'the same, votes without reasons', itemsOf: withoutReasons },
  { name: 'the same, an item a verdict', itemsOf: itemPerVerdict },
  { name: 'the same, an item a connection', itemsOf: itemPerConnection },
];
