import { describe, expect, it } from 'vitest';
import { readOptions, UsageError } from '../../bench/options.ts';

const NAMES = ['engine', 'memory', 'start'];

describe('readOptions', () => {
  it('runs everything by default', () => {
    expect(readOptions([], NAMES)).toEqual({
      isJson: false,
      isQuick: false,
      isProfile: false,
      isHelp: false,
      only: [],
    });
  });

  it('takes names separated by commas, or one after the other', () => {
    expect(readOptions(['--only', 'engine, start', '--only=memory', '--quick'], NAMES)).toMatchObject({
      isQuick: true,
      only: ['engine', 'start', 'memory'],
    });
  });

  it.each([
    { args: ['--fast'], message: /Unknown option '--fast'/ },
    { args: ['--only'], message: /argument missing/ },
    {
      args: ['--only', 'egnine'],
      message: 'there is no benchmark "egnine": choose from engine, memory, start',
    },
    { args: ['engine'], message: /Unexpected argument 'engine'/ },
    { args: ['--profile', '--json'], message: '--profile goes with --quick only' },
  ])('refuses $args in one line', ({ args, message }) => {
    const call = () => readOptions(args, NAMES);

    expect(call).toThrow(UsageError);
    expect(call).toThrow(message);
    expect(call).not.toThrow('\n');
  });
});
