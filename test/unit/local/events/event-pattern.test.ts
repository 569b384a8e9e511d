import { describe, expect, it } from 'vitest';
import { EventPatternError, readEventPattern } from '../../../../lib/local/events/event-pattern.ts';

const EVENT = {
  source: 'aws.cloudwatch',
  resources: ['arn:a', 'arn:b'],
  detail: { state: { value: 'ALARM' }, count: 2 },
};

describe('readEventPattern', () => {
  it.each<[object, boolean]>([
    [{ source: ['aws.cloudwatch'] }, true],
    [{ source: ['aws.ec2', 'aws.cloudwatch'] }, true],
    [{ source: ['aws.ec2'] }, false],
    [{ resources: ['arn:b'] }, true],
    [{ resources: ['arn:c'] }, false],
    [{ detail: { state: { value: ['ALARM'] } } }, true],
    [{ detail: { state: { value: ['OK'] } } }, false],
    [{ detail: { count: [2] } }, true],
    [{ detail: { count: ['2'] } }, false],
    [{ source: ['aws.cloudwatch'], detail: { state: { value: ['OK'] } } }, false],
    [{ account: ['1'] }, false],
    [{ detail: { previous: { value: ['OK'] } } }, false],
    [{}, true],
  ])('of %j matches: %s', (pattern, expected) => {
    expect(readEventPattern(pattern as Record<string, unknown>)(EVENT)).toBe(expected);
  });

  it.each([null, 'text', 3, undefined])('matches no %s', (event) => {
    expect(readEventPattern({ source: ['a'] })(event)).toBe(false);
  });

  it.each<[object, string]>([
    [{ source: [{ prefix: 'aws.' }] }, 'a comparison in "source" is not known here'],
    [{ detail: { state: 'ALARM' } }, 'expected a list or an object in "state"'],
  ])('refuses %j', (pattern, why) => {
    expect(() => readEventPattern(pattern as Record<string, unknown>)).toThrow(EventPatternError);
    expect(() => readEventPattern(pattern as Record<string, unknown>)).toThrow(why);
  });
});
