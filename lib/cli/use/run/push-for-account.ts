import type { SQSClient } from '@aws-sdk/client-sqs';
import { pushWindows } from '../../../ingestion/push-windows.ts';
import type { Log } from '../../../logs/log.ts';
import { addTotals, NOTHING } from '../../../logs/totals.ts';
import { windowsOf } from '../../../logs/windows.ts';
import type { IsLocal } from '../../../records/locality.ts';
import type { RejectedInput } from '../../results/run-result.ts';
import { type LedgerMessage, ledgerMessage } from '../push/ledger.ts';

export interface PushedRecords {
  readonly messages: readonly LedgerMessage[];
  /** Invalid entries that were not sent. */
  readonly unsent: readonly RejectedInput[];
  /** Entries that are not connections, by kind. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Entries read, without skipped ones: sent and unsent. */
  readonly pushed: number;
}

/**
 * Pushes a log and records the content of every message. Invalid records in our own format are sent too, for the
 * service to keep; invalid entries of sensors' logs are not, since the service would misread them.
 *
 * @param onProgress called with the number of records sent so far
 */
export async function pushForAccount(
  queue: { readonly client: SQSClient; readonly queueUrl: string },
  log: Log,
  isLocal: IsLocal,
  onProgress: (sent: number) => void,
): Promise<PushedRecords> {
  const messages: LedgerMessage[] = [];
  const unsent: RejectedInput[] = [];
  let totals = NOTHING;
  let sent = 0;
  await pushWindows(queue, windowsOf(log.entries, { isLocal, sendsInvalid: log.format === 'json' }), {
    onWindow: (window) => {
      totals = addTotals(totals, window.totals);
      for (const { position, reason } of window.invalid) unsent.push({ position, reason });
    },
    onSent: (message, messageId) => {
      messages.push(ledgerMessage(message, messageId));
      sent += message.records.length;
      onProgress(sent);
    },
  });
  return { messages, unsent, skipped: totals.skipped, pushed: totals.sent + totals.invalid };
}
