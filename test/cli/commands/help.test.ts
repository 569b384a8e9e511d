import { describe, expect, it } from 'vitest';
import { callWith } from '../../fixtures/cli/calls.ts';

const call = callWith({});

const COMMANDS = [
  ['run', '[options] [file]', ['--keep', '--data <dir>', '--home <cidr,...>']],
  ['local', '[options]', ['--data <dir>', '--home <cidr,...>']],
  ['push', '[options] <file>', ['--home <cidr,...>', '--queue-url <url>']],
  ['score', '[options] [file]', ['--home <cidr,...>']],
  ['assessments', '[options] <address>', ['--since <when>', '--limit <n>', '--table <name>']],
  [
    'attention',
    '[options]',
    ['--since <when>', '--limit <n>', '--malicious', '--uncertain', '--failed', '--table <name>'],
  ],
  ['stats', '[options]', ['--since <when>', '--table <name>']],
  ['label', '[options] <assessment> <truth>', ['--incident', '--table <name>']],
  ['labels', '[options]', ['--since <when>', '--limit <n>', '--table <name>']],
] as const;

const QUEUE_COMMANDS = [
  ['list', '[options]', ['--limit <n>']],
  ['show', '[options] <id>', []],
  ['redrive', '[options]', ['--match <text>', '--limit <n>', '--queue-url <url>']],
] as const;

async function helpOf(...words: readonly string[]): Promise<string> {
  const { end, stdout, stderr } = await call(...words, '--help');
  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  return stdout;
}

/** Examples that the help of a command gives of the command itself. */
function examplesIn(help: string, words: string): string[] {
  const lines = help.slice(help.indexOf('Examples:')).split('\n');
  return lines.filter((line) => line.startsWith('  $ ') && line.includes(words));
}

describe.concurrent('help', () => {
  it('names every command, with an example of each', async () => {
    const help = await helpOf();

    for (const name of [...COMMANDS.map(([command]) => command), 'rejected', 'dlq']) {
      expect(help).toMatch(new RegExp(`^ {2}${name}[ \\n]`, 'm'));
      expect(examplesIn(help, `threat-consensus ${name}`)).not.toEqual([]);
    }
  });

  it.for(COMMANDS)('of %s has usage, options and examples', async ([name, usage, options]) => {
    const help = await helpOf(name);

    expect(help).toContain(`Usage: threat-consensus ${name} ${usage}\n`);
    for (const option of [...options, '--json', '-h, --help']) expect(help).toContain(`  ${option} `);
    const called = name === 'run' ? 'npm start' : `threat-consensus ${name}`;
    expect(examplesIn(help, called)).not.toEqual([]);
  });

  it.for(QUEUE_COMMANDS)('of rejected %s and its like', async ([name, usage, options]) => {
    const [rejected, deadLetters] = await Promise.all([helpOf('rejected', name), helpOf('dlq', name)]);

    expect(rejected).toContain(`Usage: threat-consensus rejected ${name} ${usage}\n`);
    expect(deadLetters).toContain(`Usage: threat-consensus dlq ${name} ${usage}\n`);
    for (const option of [...options, '--json']) {
      expect(rejected).toContain(`  ${option} `);
      expect(deadLetters).toContain(`  ${option} `);
    }
    expect(rejected).toContain('--rejected-queue-url <url>');
    expect(deadLetters).toContain('--dead-letter-queue-url <url>');
  });

  it('of rejected and dlq has examples', async () => {
    for (const name of ['rejected', 'dlq']) {
      expect(examplesIn(await helpOf(name), `threat-consensus ${name}`).length).toBeGreaterThanOrEqual(3);
    }
  });

  it.fails('of rejected redrive has an example', async () => {
    expect(examplesIn(await helpOf('rejected', 'redrive'), 'rejected redrive')).not.toEqual([]);
  });

  it.fails('says what a time range is by default in words that can be typed', async () => {
    expect(await helpOf('stats')).toMatch(/default: "?24h/);
  });

  it.fails('of labels says what it shows', async () => {
    expect(await helpOf('labels')).toMatch(/Usage: .*\n\n[A-Z][^\n]+\.\n/);
  });
});

describe.concurrent('without a command, or half of one, help is what went wrong', () => {
  it.for([[], ['rejected'], ['dlq']])('%j', async (words) => {
    const { end, stdout, stderr } = await call(...words);

    expect({ end, stdout }).toEqual({ end: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: threat-consensus /);
  });
});
