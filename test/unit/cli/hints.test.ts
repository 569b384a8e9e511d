import { describe, expect, it } from 'vitest';
import { hintFor } from '../../../lib/cli/hints.ts';
import { StoreError, type StoreErrorCode } from '../../../lib/store/store-error.ts';

describe('what to try', () => {
  it.each<[StoreErrorCode, RegExp]>([
    ['throttled', /later/],
    ['timeout', /later/],
    ['unavailable', /AWS_ENDPOINT_URL/],
    ['denied', /credentials/],
    ['missing', /AWS_REGION/],
    ['refused', /AWS_REGION/],
  ])('where a request is %s', (code, expected) => {
    const hint = hintFor(new StoreError(code, 'could not read the table'));

    expect(hint).toMatch(expected);
    expect(hint).not.toContain('\n');
  });
});
