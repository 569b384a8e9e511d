import type { Environment } from '../environment.ts';

/**
 * Where a section of docs/alarms.md is read.
 *
 * @param anchor the section's heading as a link has it
 */
export function runbookLink({ runbookUrl }: Pick<Environment, 'runbookUrl'>, anchor: string): string {
  return runbookUrl === undefined ? `docs/alarms.md, ${anchor}` : `${runbookUrl}#${anchor}`;
}
