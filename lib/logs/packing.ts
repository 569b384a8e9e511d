/** One record's text, ready to be sent, with what should share a message with it. */
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
 * Size at which a message is closed. SQS bills requests in steps of 64 KiB, so this is just under three of
 * them; its limit is 1 MiB.
 */
const TARGET_BYTES = 190_000;

/**
 * Packs a window of records into message bodies, groups side by side in the order of their first record. A
 * pure function of its input: the same records in the same windows always give the same bodies, and bodies
 * name the stored items. A record larger than the target gets a message of its own.
 *
 * @param targetBytes another size at which to close messages, to see what that costs
 */
export function* packMessages<Item extends PackableRecord>(
  window: Iterable<Item>,
  targetBytes = TARGET_BYTES,
): Generator<PackedMessage<Item>> {
  const groups = Map.groupBy(window, ({ group }) => group);
  let records: Item[] = [];
  let bytes = 0;
  for (const group of groups.values()) {
    for (const record of group) {
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

function packed<Item extends PackableRecord>(records: readonly Item[]): PackedMessage<Item> {
  return { body: records.map(({ text }) => text).join('\n'), records };
}
