import { describe, expect, it } from 'vitest';
import { AlarmEventError, causesIn, readAlarmEvent } from '../../../lib/cutover/alarm-event.ts';

const arn = (name: string) => `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}`;

/** As CloudWatch sends it for a composite alarm (CloudWatch User Guide, "Alarm events and EventBridge"). */
function event(state: object = {}): object {
  return {
    version: '0',
    id: 'd3dfc86d-384d-24c8-0345-9f7986db0b80',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: '123456789012',
    time: '2026-07-22T15:57:45Z',
    region: 'eu-central-1',
    resources: [arn('service-rollback')],
    detail: {
      alarmName: 'service-rollback',
      state: {
        value: 'ALARM',
        reason: `${arn('service-failures')} transitioned to ALARM at Wednesday 22 July, 2026 15:57:45 UTC`,
        reasonData: JSON.stringify({
          triggeringAlarms: [
            {
              arn: arn('service-failures'),
              state: { value: 'ALARM', timestamp: '2026-07-22T15:57:45.394+0000' },
            },
            { arn: arn('service-errors'), state: { value: 'OK', timestamp: '2026-07-22T15:57:45.394+0000' } },
          ],
        }),
        timestamp: '2026-07-22T15:57:45.394+0000',
        ...state,
      },
      previousState: { value: 'OK', timestamp: '2026-07-22T15:57:14.594+0000' },
      configuration: { alarmRule: 'ALARM(service-failures) OR ALARM(service-errors)' },
    },
  };
}

describe('readAlarmEvent', () => {
  it('says which alarm went off, when, and what set it off', () => {
    expect(readAlarmEvent(event())).toEqual({
      name: 'service-rollback',
      atMs: Date.UTC(2026, 6, 22, 15, 57, 45, 394),
      causes: ['service-failures'],
    });
  });

  it.each(['2026-07-22T15:57:45Z', '2026-07-22T17:57:45.000+02:00', '2026-07-22T17:57:45+0200'])(
    'takes %s for the same second',
    (timestamp) => {
      expect(readAlarmEvent(event({ timestamp })).atMs).toBe(Date.UTC(2026, 6, 22, 15, 57, 45));
    },
  );

  it.each([undefined, 'not JSON', '{}', '{"triggeringAlarms":[{"arn":1}]}', 'null'])(
    'does without the causes where they are %s',
    (reasonData) => {
      expect(readAlarmEvent(event({ reasonData })).causes).toEqual([]);
    },
  );

  it('takes for the causes every alarm that is on, and the name alone of each', () => {
    const triggeringAlarms = [
      { arn: arn('service-failures'), state: { value: 'ALARM' } },
      { arn: arn('service-errors'), state: { value: 'INSUFFICIENT_DATA' } },
      { arn: 'service-latency', state: { value: 'ALARM' } },
      { arn: arn('odd:alarm:name'), state: { value: 'ALARM' } },
    ];

    expect(causesIn(JSON.stringify({ triggeringAlarms }))).toEqual([
      'service-failures',
      'service-latency',
      'name',
    ]);
  });

  it('refuses with an error that can be told by its code', () => {
    const error = new AlarmEventError('why');

    expect(error).toMatchObject({ name: 'AlarmEventError', code: 'alarm_event', message: 'why' });
  });

  it('says everything that is wrong, and where', () => {
    const wrong = { 'detail-type': 'x', detail: { alarmName: '', state: { value: 'OK', timestamp: 'no' } } };

    expect(() => readAlarmEvent(wrong)).toThrow(
      /^not the event of an alarm that went off: detail-type: [^;]+; detail\.alarmName: [^;]+; detail\.state\.value: [^;]+; detail\.state\.timestamp: expected a point in time$/,
    );
  });

  it.each<[string, unknown]>([
    ['detail.state.value', event({ value: 'OK' })],
    ['detail.state.timestamp: expected a point in time', event({ timestamp: 'yesterday' })],
    ['detail-type', { ...event(), 'detail-type': 'Scheduled Event' }],
    ['detail', {}],
    ['not the event of an alarm', null],
  ])('refuses one whose %s is wrong, in one line', (where, wrong) => {
    expect(() => readAlarmEvent(wrong)).toThrow(AlarmEventError);
    expect(() => readAlarmEvent(wrong)).toThrow(where);
    expect(() => readAlarmEvent(wrong)).toThrow(/^[^\n]+$/);
  });
});
