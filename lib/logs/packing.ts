/** One record's text, ready to send, with the key that decides which records share a message. */
export interface PackableRecord {
  readonly text: string;
  /** Usually the remote address: a message that touches few addresses costs few writes. */
  readonly group: string;
}

export interface PackedMessage<Item extends PackableRecord> {
  /** Newline-delimited JSON. */
  readonly body: string;
  readonly records: readonly Item[];
}

/**
 * Size at which a message is closed. SQS bills requests in steps of 64 KiB; this is just under three of them. Its limit
 * is 1 MiB.
 */
const TARGET_BYTES = 190_000;

/**
 * Records of one group kept together. A larger group is split and its pieces are placed among those of others: an
 * address's activity is judged relative to other traffic at the same time, so no message should be about one address
 * alone.
 */
const PIECE_RECORDS = 250;

/**
 * Packs a window of records into message bodies: first the first pieces of all groups in the order of their first
 * record, then the second pieces, and so on. It is a pure function: the same records in the same windows always give
 * the same bodies, which matters because stored items are keyed by their bodies. A record larger than the target gets
 * its own message.
 *
 * @param targetBytes another size at which to close messages, to measure its cost
 */
export function* packMessages<Item extends PackableRecord>(
  window: Iterable<Item>,
  targetBytes = TARGET_BYTES,
): Generator<PackedMessage<Item>> {
  let records: Item[] = [];
  let bytes = 0;
  for (const piece of piecesOf(window)) {
    for (const record of piece) {
      const size = Buffer.byteLength(record.text) + 1;
      if (bytes + size > targetBytes && records.length > 0) {
        yield packed(records);
        records = [];
        bytes = 0;
      }
      records.push(record);
      bytes += size;
    }
  }
  if (records.length > 0) yield packed(records);
}

function* piecesOf<Item extends PackableRecord>(window: Iterable<Item>): Generator<readonly Item[]> {
  let groups = [...Map.groupBy(window, ({ group }) => group).values()];
  for (let start = 0; groups.length > 0; start += PIECE_RECORDS) {
    for (const group of groups) yield group.slice(start, start + PIECE_RECORDS);
    groups = groups.filter(({ length }) => length > start + PIECE_RECORDS);
  }
}

function packed<Item extends PackableRecord>(records: readonly Item[]): PackedMessage<Item> {
  return { body: records.map(({ text }) => text).join('\n'), records };
}
