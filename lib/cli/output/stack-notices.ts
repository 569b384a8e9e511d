import { warningOf } from './function-log.ts';
import { printable } from './terminal.ts';

/** Prints what an embedded stack has to say on standard error: functions' warnings, and notifications. */
export const STACK_NOTICES = {
  onLogLine(line: string): void {
    const warning = warningOf(line);
    if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
  },
  onNotification({ subject }: { readonly subject: string }): void {
    process.stderr.write(`notification: ${printable(subject)}\n`);
  },
};
