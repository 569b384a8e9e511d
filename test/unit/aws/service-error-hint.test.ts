import { describe, expect, it } from 'vitest';
import { ServiceError, type ServiceErrorCode } from '../../../lib/aws/service-error.ts';

describe('what to try', () => {
  it.each<[ServiceErrorCode, RegExp]>([
    ['throttled', /later/],
    ['timeout', /later/],
    ['unavailable', /AWS_ENDPOINT_URL/],
    ['credentials', /credentials/],
    ['denied', /policies of their role/],
    ['missing', /AWS_REGION/],
    ['refused', /AWS_REGION/],
  ])('where a request is %s', (code, expected) => {
    const hint = new ServiceError(code, 'could not read the table').hint;

    expect(hint).toMatch(expected);
    expect(hint).not.toContain('\n');
  });
});
