import { counted, grouped } from '../../statistics/count-text.ts';
import { kindsOf, type PushState, skippedIn } from '../results/push-state.ts';
import { printable } from './terminal.ts';

/** The result of a push, for a human. */
export function summaryLines(state: PushState, isDryRun: boolean): string[] {
  const { totals, requests, resumedAfter } = state;
  const sent = `${counted(totals.sent, 'record')} ${isDryRun ? 'would be sent' : 'sent'} in ${counted(totals.messages, 'message')}`;
  const lines = [`${sent}, ${counted(totals.bytes, 'byte')}, ${counted(requests, 'request')}`];
  const skipped = skippedIn(totals);
  if (skipped > 0)
    lines.push(`${grouped(skipped)} skipped (not connections): ${printable(kindsOf(totals.skipped))}`);
  if (totals.invalid > 0) lines.push(`${grouped(totals.invalid)} invalid`);
  if (resumedAfter > 0) lines.push(`${counted(resumedAfter, 'entry')} before that were already done`);
  return lines;
}

/** The figures of a push, for programs: `read` = `sent` + what is in `skipped` + `invalid`. */
export function pushFigures(state: PushState, isDryRun: boolean, isDamaged = false) {
  const { totals, format, unit, requests, resumedAfter } = state;
  const { read, sent, skipped, invalid, messages, bytes } = totals;
  return {
    format,
    read,
    sent,
    skipped,
    invalid,
    messages,
    bytes,
    requests,
    ...(resumedAfter > 0 && { resumed_after: resumedAfter }),
    ...(isDryRun && { dry_run: true }),
    ...(isDamaged && { damaged: true }),
    ...(state.invalid.length > 0 && {
      first_invalid: state.invalid.map(({ position, reason }) => ({ [unit]: position, reason })),
    }),
  };
}

/** The first invalid entries with their positions and reasons, and where to find the others. */
export function invalidLines(state: PushState, shown: number, rejectsPath: string | undefined): string[] {
  const { invalid } = state.totals;
  if (invalid === 0) return [];
  const lines = state.invalid.map(({ position, reason }) => `${state.unit} ${position}: ${reason}`);
  const more = invalid - lines.length;
  if (rejectsPath !== undefined) {
    return [...lines, `${counted(invalid, 'invalid entry')} written to ${rejectsPath}`];
  }
  return more > 0
    ? [...lines, `and ${grouped(more)} more invalid entries; --rejects FILE keeps all of them`]
    : lines.slice(0, shown);
}

/** Where a push that did not finish can continue. */
export function resumeLine(
  state: PushState,
  hasCheckpoint: boolean,
  wasInterrupted: boolean,
): string | undefined {
  const { read, endPosition, sent } = state.totals;
  if (read === 0)
    return wasInterrupted ? 'interrupted before the first window was sent: push it again' : undefined;
  const where = `everything up to ${state.unit} ${endPosition} is on the queue (${counted(sent, 'record')})`;
  const how = hasCheckpoint
    ? 'run the same command again to continue'
    : 'pushing the file again overwrites what is stored; use --checkpoint FILE to continue from there instead';
  return `${wasInterrupted ? 'interrupted: ' : ''}${where}; ${how}`;
}

/** What a push has sent of an input that could only be read up to some point, and how to continue. */
export function damageLine(
  { totals: { endPosition, sent }, unit }: PushState,
  hasCheckpoint: boolean,
  isDryRun: boolean,
): string {
  const where = `everything up to ${unit} ${grouped(endPosition)}`;
  if (isDryRun) return `${where} could be read (${counted(sent, 'record')})`;
  const how = hasCheckpoint
    ? 'once the file is complete, run the same command again to continue'
    : 'pushing the whole file would store some of them twice; use --checkpoint FILE to continue from there instead';
  return `${where} is on the queue (${counted(sent, 'record')}); ${how}`;
}

/** What a push that failed on a file has sent, and what the next one would send again. */
export function sentSentence({ accepted, covered, resumedAfter }: PushState, hasCheckpoint: boolean): string {
  if (accepted === 0) return resumedAfter === 0 ? 'Nothing was sent' : 'Nothing more was sent';
  const sent = `${counted(accepted, 'record')} ${accepted === 1 ? 'was' : 'were'} sent`;
  const again = accepted - covered;
  const isAll = again === accepted;
  if (again === 0) return `${sent}, and the checkpoint covers ${accepted === 1 ? 'it' : 'all of them'}`;
  if (!hasCheckpoint)
    return `${sent}; pushing the file again would send ${accepted === 1 ? 'it' : 'them'} again`;
  const part = isAll
    ? `the checkpoint covers none of them`
    : `the checkpoint covers the first ${grouped(covered)} of them`;
  return `${sent}; ${part}, so the same command would send ${isAll ? 'them' : `the other ${grouped(again)}`} again`;
}
