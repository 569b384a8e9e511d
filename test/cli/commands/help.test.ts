import { describe, expect, it } from 'vitest';
import { callWith } from '../../fixtures/cli/calls.ts';

const call = callWith({});

const COMMANDS = [
  'run',
  'local',
  'push',
  'score',
  'assessments',
  'attention',
  'watch',
  'hosts',
  'stats',
  'label',
  'labels',
  'compare',
  'cutover',
  'replay',
  'rejected',
  'dlq',
  'intel',
  'keys',
  'forget',
  'completion',
  'doctor',
];

describe.concurrent('help', () => {
  it('names every command, with an example of each', async () => {
    const { end, stdout, stderr } = await call('--help');

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    const examples = stdout.slice(stdout.indexOf('Examples:'));
    for (const name of COMMANDS) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name}[ \\n]`, 'm'));
      expect(examples).toMatch(new RegExp(`^ {2}\\$ threat-consensus ${name} .*\\S`, 'm'));
    }
  });

  it('of a command inside another one', async () => {
    const { end, stdout, stderr } = await call('dlq', 'redrive', '--help');

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: threat-consensus dlq redrive \[options\]$/m);
  });

  it.for([[], ['rejected']])('is what a call without a command gets: %j', async (words) => {
    const { end, stdout, stderr } = await call(...words);

    expect({ end, stdout }).toEqual({ end: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: threat-consensus /);
  });
});
