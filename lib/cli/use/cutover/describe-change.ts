/** SSM's limit is 1024 characters. */
const DESCRIPTION_LENGTH = 1_024;

/**
 * The description stored with a settings change.
 *
 * @param reason given by the caller; empty for none
 */
export function describeChange(what: string, reason: string): string {
  const why = reason === '' ? '' : `: ${reason}`;
  return `${what}${why}`.slice(0, DESCRIPTION_LENGTH);
}
