import { warningOf } from './function-log.ts';
import type { Progress } from './progress.ts';
import { printable } from './terminal.ts';

/** Prints an embedded stack's notices on standard error: what takes long, warnings of functions, and notifications. */
export function stackNotices(progress: Progress) {
  return {
    onSynthesis(): void {
      progress.stop();
      process.stderr.write('First start: building the functions and templates, for about ten seconds.\n');
      progress.step('starting');
    },
    onLogLine(line: string): void {
      const warning = warningOf(line);
      if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
    },
    onNotification({ subject }: { readonly subject: string }): void {
      process.stderr.write(`notification: ${printable(subject)}\n`);
    },
  };
}

/**
 * Prints an announcement from an embedded stack's event bus on standard error.
 *
 * @param sinceMs what was decided before is left out, epoch milliseconds
 */
export function noteAnnouncement(
  { event }: { readonly event: { readonly detail: object } },
  sinceMs = 0,
): void {
  const { finding_info, time } = event.detail as {
    readonly finding_info?: { readonly title?: unknown };
    readonly time?: unknown;
  };
  if (typeof finding_info?.title !== 'string' || (typeof time === 'number' && time < sinceMs)) return;
  process.stderr.write(`announcement: ${printable(finding_info.title)}\n`);
}
