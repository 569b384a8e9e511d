import { describe, expect, it } from 'vitest';
import { judgeBatchResponse } from '../../../../lib/local/delivery/judge-batch-response.ts';

const BATCH = new Set(['m1', 'm2', 'm3']);

describe('judgeBatchResponse', () => {
  it.each([
    ['an empty list', { batchItemFailures: [] }],
    ['a null list', { batchItemFailures: null }],
    ['an empty response', {}],
    ['a null response', null],
    ['no response', undefined],
  ])('takes %s for success', (_, response) => {
    expect(judgeBatchResponse(response, BATCH, true)).toEqual({ outcome: 'success' });
  });

  it.each([
    ['a string', 'done', /not an object/],
    ['a number', 1, /not an object/],
    ['a list', [], /not an object/],
    ['failures that are no list', { batchItemFailures: 'm1' }, /not a list/],
    ['failures as an object', { batchItemFailures: { itemIdentifier: 'm1' } }, /not a list/],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, /no itemIdentifier/],
    ['a null identifier', { batchItemFailures: [{ itemIdentifier: null }] }, /no itemIdentifier/],
    ['a misnamed identifier', { batchItemFailures: [{ messageId: 'm1' }] }, /no itemIdentifier/],
    ['a null item', { batchItemFailures: [null] }, /no itemIdentifier/],
    ['a bare identifier', { batchItemFailures: ['m1'] }, /no itemIdentifier/],
    ['an unknown identifier', { batchItemFailures: [{ itemIdentifier: 'm9' }] }, /called m9/],
    [
      'one bad item among good ones',
      { batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: '' }] },
      /no itemIdentifier/,
    ],
  ])('takes %s for a failure of the whole batch', (_, response, reason) => {
    expect(judgeBatchResponse(response, BATCH, true)).toEqual({
      outcome: 'failure',
      reason: expect.stringMatching(reason),
    });
  });

  it('names the failed messages once each', () => {
    const response = {
      batchItemFailures: [{ itemIdentifier: 'm3' }, { itemIdentifier: 'm1' }, { itemIdentifier: 'm3' }],
    };

    expect(judgeBatchResponse(response, BATCH, true)).toEqual({
      outcome: 'partial',
      failedMessageIds: new Set(['m1', 'm3']),
    });
  });

  it.each([[{ batchItemFailures: [{ itemIdentifier: 'm1' }] }], ['done'], [null]])(
    'takes %j for success without partial responses',
    (response) => {
      expect(judgeBatchResponse(response, BATCH, false)).toEqual({ outcome: 'success' });
    },
  );
});
