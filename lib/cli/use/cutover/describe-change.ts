/** SSM takes 1024 characters. */
const DESCRIPTION_LENGTH = 1_024;

/**
 * What is written beside settings that a command changes.
 *
 * @param reason what the caller gave; empty for none
 */
export function describeChange(what: string, reason: string): string {
  const why = reason === '' ? '' : `: ${reason}`;
  return `${what}${why}`.slice(0, DESCRIPTION_LENGTH);
}
