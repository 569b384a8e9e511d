import { describe, expect, it } from 'vitest';
import { readTrigger, TriggerError } from '../../../lib/cutover/rollback-trigger.ts';

const ID = 'd3dfc86d-384d-24c8-0345-9f7986db0b80';

describe('readTrigger', () => {
  it('knows an alarm that went off', () => {
    const state = { value: 'ALARM', timestamp: '2026-07-22T15:57:45.394+0000' };
    const event = {
      id: ID,
      'detail-type': 'CloudWatch Alarm State Change',
      detail: { alarmName: 'service-rollback', state },
    };

    expect(readTrigger(event)).toEqual({
      kind: 'alarm',
      id: ID,
      alarm: { name: 'service-rollback', atMs: Date.UTC(2026, 6, 22, 15, 57, 45, 394), causes: [] },
    });
  });

  it('knows an event of the schedule', () => {
    for (const id of [ID, '1']) {
      expect(readTrigger({ id, 'detail-type': 'Scheduled Event', detail: {} })).toEqual({
        kind: 'schedule',
        id,
      });
    }
  });

  it.each([
    [{ name: '/s', operation: 'Delete', type: 'String', description: 'why' }, '/s', 'Delete', 'why'],
    [{ name: '/s', operation: 'Create' }, '/s', 'Create', ''],
    // It is still acted on.
    [{ name: 7 }, '', '', ''],
    [undefined, '', '', ''],
  ])('knows a change of a parameter: %j', (detail, name, operation, description) => {
    expect(readTrigger({ id: ID, 'detail-type': 'Parameter Store Change', detail })).toEqual({
      kind: 'parameter_change',
      id: ID,
      change: { name, operation, description },
    });
  });

  it('refuses with an error of its own what is none of these', () => {
    expect(() => readTrigger({ id: ID, 'detail-type': 'EC2 Change' })).toThrow(TriggerError);
    expect(new TriggerError('why')).toMatchObject({
      name: 'TriggerError',
      code: 'rollback_trigger',
      message: 'why',
    });
  });

  it('says everything that is wrong with an event, and where', () => {
    expect(() => readTrigger({ id: 1 })).toThrow(
      /^not an event of EventBridge: id: [^;]+; detail-type: [^;]+$/,
    );
  });

  it.each<[unknown, string]>([
    [null, 'not an event of EventBridge'],
    [{ 'detail-type': 'Scheduled Event' }, 'not an event of EventBridge: id: '],
    [{ id: '', 'detail-type': 'Scheduled Event' }, 'not an event of EventBridge: id: '],
    [{ id: ID, 'detail-type': 'EC2 Change' }, 'not an event that the rollback handles: EC2 Change'],
    [{ id: ID, 'detail-type': 'CloudWatch Alarm State Change' }, 'not the event of an alarm that went off'],
  ])('refuses %j in one line', (event, message) => {
    expect(() => readTrigger(event)).toThrow(message);
    expect(() => readTrigger(event)).toThrow(/^[^\n]+$/);
  });
});
