import { expect, it } from 'vitest';
import { type ParameterChange, ParameterStore } from '../../../../lib/local/emulators/parameter-store.ts';
import { parameterChangeEvent } from '../../../../lib/local/events/parameter-change-event.ts';

it('is as EventBridge gets it when a parameter changes', () => {
  const change = { name: '/a/settings', type: 'String', operation: 'Update', description: 'why' } as const;

  expect(parameterChangeEvent(change, Date.UTC(2026, 6, 22, 15, 57, 45, 394))).toEqual({
    version: '0',
    id: expect.stringMatching(/^[\da-f-]{36}$/),
    'detail-type': 'Parameter Store Change',
    source: 'aws.ssm',
    account: '000000000000',
    time: '2026-07-22T15:57:45Z',
    region: 'us-east-1',
    resources: ['arn:aws:ssm:us-east-1:000000000000:parameter/a/settings'],
    detail: { name: '/a/settings', type: 'String', operation: 'Update', description: 'why' },
  });
});

it('comes with each change, and with nothing else', () => {
  const changes: ParameterChange[] = [];
  const store = new ParameterStore({ onChange: (change) => changes.push(change) });
  const put = { Name: 'plain', Value: 'one', Type: 'String' };
  store.answer('PutParameter', put);
  expect(() => store.answer('PutParameter', put)).toThrow('already exists');
  store.answer('GetParameter', put);
  store.answer('PutParameter', { ...put, Overwrite: true, Description: 'why' });
  store.answer('DeleteParameter', put);

  expect(changes).toEqual([
    { name: 'plain', type: 'String', operation: 'Create', description: undefined },
    { name: 'plain', type: 'String', operation: 'Update', description: 'why' },
    { name: 'plain', type: 'String', operation: 'Delete', description: 'why' },
  ]);
  const [created] = changes;
  expect(created && parameterChangeEvent(created, 0)).toMatchObject({
    resources: ['arn:aws:ssm:us-east-1:000000000000:parameter/plain'],
    detail: { name: 'plain', type: 'String', operation: 'Create' },
  });
});
