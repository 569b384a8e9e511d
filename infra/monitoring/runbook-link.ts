import type { Environment } from '../environment.ts';

/**
 * Link to a section of docs/alarms.md.
 *
 * @param anchor the section's heading in the form used in links
 */
export function runbookLink({ runbookUrl }: Pick<Environment, 'runbookUrl'>, anchor: string): string {
  return runbookUrl === undefined ? `docs/alarms.md, ${anchor}` : `${runbookUrl}#${anchor}`;
}
