import { counted } from '../../statistics/count-text.ts';
import type { QueueEntry, RedriveResult } from '../results/queue-entry.ts';
import { printable, styled } from './terminal.ts';

const TEXT_SHOWN = 100;

/** An entry in two lines: id and reason, then the beginning of its text. */
export function entryLines({ id, sentAtMs, body, rejection, death }: QueueEntry): string[] {
  const when = new Date(sentAtMs).toISOString();
  const reason = (rejection ?? death)?.reason;
  const why = reason === undefined ? '' : `  ${printable(reason)}`;
  const text = body.length > TEXT_SHOWN ? `${body.slice(0, TEXT_SHOWN)}...` : body;
  return [`${styled('bold', id)}  ${when}${why}`, styled('dim', `    ${printable(text)}`)];
}

/** An entry as JSON, for programs. */
export function entryJson({ id, sentAtMs, body, rejection, death }: QueueEntry): string {
  if (death !== undefined) {
    const { reason, attempts, sourceMessageId: source_message_id } = death;
    return JSON.stringify({ id, sent_at: sentAtMs, reason, attempts, source_message_id, body });
  }
  const { reason, sourceMessageId, index, scope, count, part, parts } = rejection ?? {};
  const why = rejection && { reason, source_message_id: sourceMessageId, index, scope, count, part, parts };
  return JSON.stringify({ id, sent_at: sentAtMs, ...why, body });
}

/** The result of sending entries back to the work queue, for a human. */
export function redriveLine({ redriven, kept }: RedriveResult): string {
  return `sent back to the work queue: ${counted(redriven, 'entry')}${leftInPlace(kept)}`;
}

/** The result of having log files read again, for a human. */
export function retryLine({ redriven, kept }: RedriveResult): string {
  return `to be read again: ${counted(redriven, 'log file')}${leftInPlace(kept)}; \`ingest list\` shows when they have been read`;
}

function leftInPlace(kept: number): string {
  return kept === 0 ? '' : `; ${counted(kept, 'other')} left in place`;
}
