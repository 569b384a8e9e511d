import { brotliCompressSync, constants, deflateSync, zstdCompressSync } from 'node:zlib';
import type { AddressItem, StoredVerdict } from '../../../lib/store/address-item.ts';
import { readRows } from '../../../lib/store/stored-rows.ts';

/** A way to lay out an address's assessments and connections, given an item with its connections as text. */
export interface Layout {
  readonly name: string;
  readonly itemsOf: (item: AddressItem) => readonly object[];
}

type Compress = (text: string) => Uint8Array;

const LEAST_CHARACTERS = 200;
const deflate =
  (level: number): Compress =>
  (text) =>
    deflateSync(text, { level });
const brotli: Compress = (text) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });

/** The item with its connections as text, as it was before they were compressed. */
export function withText(item: AddressItem): AddressItem {
  const verdicts = item.verdicts.map((verdict) => ({
    ...verdict,
    connections: readRows(verdict.connections).join('\n'),
  }));
  return { ...item, verdicts };
}

function compressed(compress: Compress): Layout['itemsOf'] {
  return (item) => [{ ...item, verdicts: item.verdicts.map((verdict) => compressRows(verdict, compress)) }];
}

function compressRows(verdict: StoredVerdict, compress: Compress): object {
  const text = String(verdict.connections);
  return text.length < LEAST_CHARACTERS ? verdict : { ...verdict, connections: compress(text) };
}

function withoutReasons(item: AddressItem): object[] {
  const verdicts = item.verdicts.map(({ votes, ...verdict }) => ({
    ...verdict,
    votes: Object.fromEntries(
      Object.entries(votes as Record<string, { score: number; confidence: number }>).map(
        ([name, { score, confidence }]) => [name, { score, confidence }],
      ),
    ),
  }));
  return [{ ...item, verdicts }];
}

function itemPerVerdict({ verdicts, sk, ...item }: AddressItem): object[] {
  return verdicts.map((verdict, n) => ({ ...item, sk: `${sk}#${n}`, ...verdict }));
}

function itemPerConnection({ verdicts, sk, ...item }: AddressItem): object[] {
  return verdicts.flatMap(({ connections, ...verdict }, n) => [
    { ...item, sk: `${sk}#${n}`, ...verdict },
    ...String(connections)
      .split('\n')
      .map((connection, m) => ({ pk: item.pk, sk: `${sk}#${n}#${m}`, connection })),
  ]);
}

/** What was compared; the first is the form without compression. */
export const LAYOUTS: readonly Layout[] = [
  { name: 'connections as text', itemsOf: (item) => [item] },
  { name: 'connections by zlib, level 1', itemsOf: compressed(deflate(1)) },
  { name: 'connections by zlib, level 6', itemsOf: compressed(deflate(6)) },
  { name: 'connections by Brotli, quality 4', itemsOf: compressed(brotli) },
  { name: 'connections by Zstandard', itemsOf: compressed((text) => zstdCompressSync(text)) },
  {
    name: 'verdicts and connections by zlib',
    itemsOf: ({ verdicts, kinds, ...item }) => [
      { ...item, content: deflateSync(JSON.stringify({ kinds, verdicts }), { level: 1 }) },
    ],
  },
  { name: 'text, votes without reasons', itemsOf: withoutReasons },
  { name: 'text, an item a verdict', itemsOf: itemPerVerdict },
  { name: 'text, an item a connection', itemsOf: itemPerConnection },
];
