import { describe, expect, it } from 'vitest';
import { AlarmRuleError, parseAlarmRule } from '../../../../lib/local/alarms/alarm-rule.ts';
import type { AlarmState } from '../../../../lib/local/alarms/alarm-state.ts';

const STATES: Readonly<Record<string, AlarmState>> = { on: 'ALARM', off: 'OK', new: 'INSUFFICIENT_DATA' };

const isMet = (rule: string) =>
  parseAlarmRule(rule).isMet((alarm) => {
    const state = STATES[alarm];
    if (state === undefined) throw new Error(`asked for ${alarm}`);
    return state;
  });

describe('parseAlarmRule', () => {
  it.each<[string, boolean]>([
    ['ALARM(on)', true],
    ['ALARM(off)', false],
    ['ALARM("on")', true],
    ['ALARM("arn:aws:cloudwatch:eu-central-1:123456789012:alarm:on")', true],
    ['OK(off)', true],
    ['INSUFFICIENT_DATA(new)', true],
    ['OK(new)', false],
    ['ALARM(off) OR ALARM(on)', true],
    ['ALARM(off) AND ALARM(on)', false],
    ['NOT ALARM(off)', true],
    ['NOT ALARM(off) AND ALARM(off)', false],
    ['NOT (ALARM(off) AND ALARM(off))', true],
    // AND binds tighter.
    ['TRUE OR TRUE AND FALSE', true],
    ['(TRUE OR TRUE) AND FALSE', false],
    ['FALSE AND FALSE OR TRUE', true],
    ['FALSE', false],
    ['(ALARM("off") OR ALARM("on") OR ALARM("new"))', true],
    [' ( ALARM ( on ) ) ', true],
    ['alarm(on) or alarm(off)', true],
  ])('of %s is %s', (rule, expected) => {
    expect(isMet(rule)).toBe(expected);
  });

  it('names the alarms that it is about, each once', () => {
    const { alarms } = parseAlarmRule('ALARM("a b") OR (NOT OK(c) AND ALARM("a b")) OR ALARM("say \\"x\\"")');

    expect(alarms).toEqual(['a b', 'c', 'say "x"']);
  });

  it.each([
    ['', 'unexpected end'],
    ['ALARM', 'expected ('],
    ['ALARM(on', 'expected ), got the end'],
    ['ALARM()', 'expected an alarm'],
    ['ALARM(on) ALARM(off)', 'unexpected ALARM'],
    ['ALARM(on) OR', 'unexpected end'],
    ['BROKEN(on)', 'unexpected BROKEN'],
    ['ALARM("on)', 'unexpected'],
    ['(TRUE', 'expected )'],
  ])('refuses "%s" in one line', (rule, why) => {
    expect(() => parseAlarmRule(rule)).toThrow(AlarmRuleError);
    expect(() => parseAlarmRule(rule)).toThrow(why);
  });
});
