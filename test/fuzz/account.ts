import { readLog } from '../../lib/logs/read-log.ts';
import { messagesOf, windowsOf } from '../../lib/logs/windows.ts';
import { createLocality } from '../../lib/records/locality.ts';
import { decodeBody } from '../../lib/records/message-body.ts';
import { sequence } from '../factories/iterables.ts';
import type { FuzzInput } from './formats.ts';

/** What became of a log's entries. */
export interface FuzzAccount {
  readonly read: number;
  readonly sent: number;
  readonly skipped: number;
  readonly invalid: number;
}

const isLocal = createLocality([]);

/**
 * Reads and packs a log, and reads the messages as the service does.
 *
 * @throws RangeError where an entry got lost on the way, or turned into several
 */
export async function accountFor({ bytes, format, entries }: FuzzInput): Promise<FuzzAccount> {
  const log = await readLog({ chunks: sequence(bytes) }, { format });
  const account = { read: 0, sent: 0, skipped: 0, invalid: 0 };
  let accepted = 0;
  for await (const window of windowsOf(log.entries, { isLocal })) {
    account.read += window.read;
    account.sent += window.records.length;
    account.invalid += window.invalid.length;
    for (const amount of window.skipped.values()) account.skipped += amount;
    for (const { body } of messagesOf(window)) accepted += decodeBody(body).accepted.length;
  }
  const { read, sent, skipped, invalid } = account;
  if (read < entries) throw new RangeError(`${entries - read} of ${entries} entries were dropped in silence`);
  if (sent + skipped + invalid !== read)
    throw new RangeError(`the account does not add up: ${JSON.stringify(account)}`);
  if (accepted !== sent)
    throw new RangeError(`of ${sent} records that were sent, the service takes ${accepted}`);
  return account;
}
