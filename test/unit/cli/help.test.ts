import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { assessmentsCommand } from '../../../lib/cli/commands/assessments.ts';
import { attentionCommand } from '../../../lib/cli/commands/attention.ts';
import { compareCommand } from '../../../lib/cli/commands/compare.ts';
import { cutoverCommand } from '../../../lib/cli/commands/cutover.ts';
import { doctorCommand } from '../../../lib/cli/commands/doctor.ts';
import { intelCommand } from '../../../lib/cli/commands/intel.ts';
import { keysCommand } from '../../../lib/cli/commands/keys.ts';
import { labelCommand } from '../../../lib/cli/commands/label.ts';
import { labelsCommand } from '../../../lib/cli/commands/labels.ts';
import { localCommand } from '../../../lib/cli/commands/local.ts';
import { pushCommand } from '../../../lib/cli/commands/push.ts';
import {
  deadLetterCommand,
  rejectedCommand,
  rollbackFailuresCommand,
} from '../../../lib/cli/commands/queues.ts';
import { replayCommand } from '../../../lib/cli/commands/replay.ts';
import { reportCommand } from '../../../lib/cli/commands/report.ts';
import { runCommand } from '../../../lib/cli/commands/run.ts';
import { scoreCommand } from '../../../lib/cli/commands/score.ts';
import { statsCommand } from '../../../lib/cli/commands/stats.ts';

/** Usage, command, and options in addition to `--json` and `--help`. */
const COMMANDS: readonly [string, () => Command, readonly string[]][] = [
  [
    'run [options] [file]',
    runCommand,
    ['--keep', '--data <dir>', '--home <cidr,...>', '--mode <mode>', '--percent <n>', '--simulate-providers'],
  ],
  [
    'local [options]',
    localCommand,
    ['--data <dir>', '--home <cidr,...>', '--mode <mode>', '--percent <n>', '--simulate-providers'],
  ],
  ['push [options] <file>', pushCommand, ['--home <cidr,...>', '--queue-url <url>']],
  ['score [options] [file]', scoreCommand, ['--home <cidr,...>']],
  [
    'assessments [options] <address>',
    assessmentsCommand,
    ['--since <when>', '--limit <n>', '--table <name>'],
  ],
  [
    'attention [options]',
    attentionCommand,
    [
      '--since <when>',
      '--limit <n>',
      '--malicious',
      '--host <address>',
      '--port <port>',
      '--direction <direction>',
      '--sort <order>',
      '--votes',
      '--labelled',
      '--table <name>',
    ],
  ],
  [
    'report [options]',
    reportCommand,
    ['--since <when>', '--until <when>', '--html <file>', '--limit <n>', '--table <name>'],
  ],
  ['stats [options]', statsCommand, ['--since <when>', '--table <name>']],
  ['label [options] <subject> <truth>', labelCommand, ['--incident', '--table <name>']],
  [
    'compare [options]',
    compareCommand,
    ['--since <when>', '--until <when>', '--html <file>', '--gate <name=value>', '--table <name>'],
  ],
  [
    'replay [options]',
    replayCommand,
    ['--since <when>', '--settings <file>', '--table <name>', '--settings-parameter <name>'],
  ],
  [
    'doctor [options]',
    doctorCommand,
    ['--timeout <seconds>', '--rehearse-alarm', '--rehearse-rollback', '--yes', '--env <name>'],
  ],
  ['labels [options]', labelsCommand, ['--since <when>', '--limit <n>', '--table <name>']],
];

const QUEUE_COMMANDS: readonly [string, readonly string[]][] = [
  ['list [options]', ['--limit <n>']],
  ['show [options] <id>', []],
  ['redrive [options]', ['--match <text>', '--limit <n>', '--queue-url <url>']],
];

const QUEUES: readonly [string, () => Command, string][] = [
  ['rejected', rejectedCommand, '--rejected-queue-url <url>'],
  ['dlq', deadLetterCommand, '--dead-letter-queue-url <url>'],
];

/** A command's `--help` output within the program. */
function helpOf(command: Command, ...path: readonly string[]): string {
  new Command('threat-consensus').addCommand(command);
  const inner = path.reduce(
    (found, name) => found.commands.find((candidate) => candidate.name() === name) ?? found,
    command,
  );
  let help = '';
  inner.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 200 });
  inner.outputHelp();
  return help;
}

/** A command's examples in a help text. */
function examplesOf(help: string, command: string): string[] {
  const lines = help.slice(help.indexOf('Examples:')).split('\n');
  return lines.filter((line) => line.startsWith('  $ ') && line.includes(command));
}

describe('help', () => {
  it.each(COMMANDS)('of %s', (usage, create, options) => {
    const help = helpOf(create());

    expect(help).toContain(`Usage: threat-consensus ${usage}\n`);
    for (const option of [...options, '--json', '-h, --help']) expect(help).toContain(`  ${option} `);
    const [name = ''] = usage.split(' ');
    expect(examplesOf(help, name === 'run' ? 'npm start' : `threat-consensus ${name}`)).not.toEqual([]);
    expect(help).not.toContain('undefined');
  });

  it.each(QUEUES)('of %s, with list, show and redrive', (name, create, url) => {
    expect(examplesOf(helpOf(create()), `threat-consensus ${name}`)).toHaveLength(2);
    for (const [usage, options] of QUEUE_COMMANDS) {
      const [subcommand = ''] = usage.split(' ');
      const help = helpOf(create(), subcommand);

      expect(help).toContain(`Usage: threat-consensus ${name} ${usage}\n`);
      for (const option of [...options, url, '--json']) expect(help).toContain(`  ${option} `);
    }
  });

  it.each<[string, readonly string[]]>([
    ['state [options]', []],
    ['set [options] <mode>', ['--percent <n>', '--reason <text>', '--yes', '--force']],
    ['history [options]', ['--limit <n>']],
  ])('of cutover %s', (usage, options) => {
    const [subcommand = ''] = usage.split(' ');
    const help = helpOf(cutoverCommand(), subcommand);

    expect(help).toContain(`Usage: threat-consensus cutover ${usage}\n`);
    for (const option of [...options, '--settings-parameter <name>', '--json']) {
      expect(help).toContain(`  ${option} `);
    }
    expect(examplesOf(help, `cutover ${subcommand}`)).not.toEqual([]);
    expect(examplesOf(helpOf(cutoverCommand()), 'threat-consensus cutover').length).toBeGreaterThan(3);
  });

  it.each<[string, readonly string[]]>([
    ['list [options]', ['--limit <n>', '--json']],
    ['show [options] <id>', ['--json']],
    ['purge [options]', ['--yes']],
  ])('of rollback-failures %s', (usage, options) => {
    const [subcommand = ''] = usage.split(' ');
    const help = helpOf(rollbackFailuresCommand(), subcommand);

    expect(help).toContain(`Usage: threat-consensus rollback-failures ${usage}\n`);
    for (const option of [...options, '--rollback-failures-queue-url <url>']) {
      expect(help).toContain(`  ${option} `);
    }
    expect(examplesOf(help, `rollback-failures ${subcommand}`)).not.toEqual([]);
  });

  it.each(['list', 'show', 'redrive'])('of rejected %s has an example', (subcommand) => {
    expect(examplesOf(helpOf(rejectedCommand(), subcommand), `rejected ${subcommand}`)).not.toEqual([]);
  });

  it.each([
    [
      intelCommand,
      'import',
      'intel import [options] <file>',
      ['--name <name>', '--kind <kind>', '--family <name>', '--weight <ratio>', '--half-life <days>'],
    ],
    [intelCommand, 'list', 'intel list [options]', ['--table <name>']],
    [keysCommand, 'set', 'keys set [options] <provider>', ['--env <name>']],
  ])('of %o %s', (create, subcommand, usage, options) => {
    const help = helpOf(create(), subcommand);

    expect(help).toContain(`Usage: threat-consensus ${usage}\n`);
    for (const option of [...options, '--json']) expect(help).toContain(`  ${option} `);
  });

  it('of labels says what it shows', () => {
    expect(helpOf(labelsCommand())).toMatch(/^Usage: .*\n\n[A-Z].*\.\n/);
  });

  it.each([
    ['stats', statsCommand],
    ['attention', attentionCommand],
    ['labels', labelsCommand],
  ])('of %s gives the default time range in words that can be typed', (_, create) => {
    expect(helpOf(create())).toMatch(/default: "?\d+[hdw]\b/);
  });
});
