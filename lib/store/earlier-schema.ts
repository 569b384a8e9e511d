import type { AddressContent, AddressItem, StoredVerdict } from './address-item.ts';
import type { AssessedInput } from './assessment.ts';
import type { ConnectionKind, Row } from './connection-rows.ts';
import { readText, type StoredText } from './stored-text.ts';

/** An address's item of schema 1 or 2, which had an attribute for everything. */
interface EarlierItem extends Omit<AddressItem, 'content' | 'threat_score'> {
  readonly kinds: readonly ConnectionKind[];
  readonly verdicts: readonly EarlierVerdict[];
}

/** Its input is JSON; its connections are a row a line, which schema 2 compresses where they are long. */
type EarlierVerdict = Readonly<Record<string, unknown>> & {
  readonly input?: string;
  readonly connections: StoredText;
};

export function isEarlier(item: object): item is EarlierItem {
  return 'verdicts' in item;
}

export function readEarlier({ kinds, verdicts }: EarlierItem): AddressContent {
  return { kinds, verdicts: verdicts.map(readVerdict) };
}

function readVerdict({ input = '{}', connections, ...verdict }: EarlierVerdict): StoredVerdict {
  const rows = readText(connections).split('\n');
  return {
    ...verdict,
    input: JSON.parse(input) as AssessedInput,
    connections: rows.map((row) => JSON.parse(row) as Row),
  };
}
