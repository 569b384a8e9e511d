import type { Environment } from '../select-environment.ts';

/**
 * Where a section of the README is read.
 *
 * @param anchor the section's heading as a link has it
 */
export function runbookLink({ runbookUrl }: Pick<Environment, 'runbookUrl'>, anchor: string): string {
  return runbookUrl === undefined ? `README.md, ${anchor}` : `${runbookUrl}#${anchor}`;
}
