import { execFileSync, spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeProgram } from '../../../lib/cli/program.ts';
import { withSubcommands } from '../../../lib/cli/results/command-description.ts';
import { callWith } from '../../fixtures/cli/calls.ts';

const call = callWith({});
const scripts: Record<string, string> = {};

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { end, stdout, stderr } = await call('completion', shell);
    expect({ shell, end, stderr }).toEqual({ shell, end: 0, stderr: '' });
    scripts[shell] = stdout;
  }
});

/** Bash's completions for the last word, split as bash splits a line. */
function offeredByBash(...words: readonly string[]): string[] {
  const program = `
    eval "$COMPLETION"
    [[ $(complete -p threat-consensus) == *' -F _threat_consensus threat-consensus' ]] || exit 1
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _threat_consensus
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const printed = execFileSync('bash', ['--norc', '-c', program, 'bash', 'threat-consensus', ...words], {
    env: { ...process.env, COMPLETION: scripts.bash },
    encoding: 'utf8',
  });
  return printed.split('\n').filter((line) => line !== '');
}

describe('completion in bash', () => {
  it('offers every command, subcommand and option that the help shows', async () => {
    for (const { path, commands, options } of withSubcommands(await describeProgram())) {
      const words = path === '' ? [] : path.split(' ');
      const names = commands.map((inner) => inner.path.split(' ').at(-1));

      if (names.length > 0) expect(offeredByBash(...words, '')).toEqual(names);
      expect(offeredByBash(...words, '-')).toEqual(options.flatMap((option) => option.names));
    }
  });

  it.each<[readonly string[], readonly string[]]>([
    [['ex'], ['export']],
    [
      ['intel', 're'],
      ['refresh', 'remove'],
    ],
    [
      ['export', ''],
      ['assessments', 'connections'],
    ],
    [
      ['export', '--format', ''],
      ['csv', 'jsonl', 'sqlite'],
    ],
    [['export', '--format', 'c'], ['csv']],
    [
      ['export', '--format', '='],
      ['csv', 'jsonl', 'sqlite'],
    ],
    [['export', '--format', '=', 'js'], ['jsonl']],
    [['export', 'assessments', '--format', 's'], ['sqlite']],
    [
      ['completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [['cutover', 'set', 'p'], ['parallel']],
    // A value is not a command, even with a command's name.
    [['intel', 'import', '--name', 'list', '--ki'], ['--kind']],
    [
      ['--version', 'lab'],
      ['label', 'labels'],
    ],
    // If any value is accepted, bash offers files.
    [['export', '--output', ''], []],
    [['no-command', ''], offeredAtFirst()],
  ])('of %j offers %j', (words, offered) => {
    expect(offeredByBash(...words).toSorted()).toEqual(offered);
  });

  function offeredAtFirst(): readonly string[] {
    return expect.arrayContaining(['run', 'push']) as unknown as readonly string[];
  }
});

const installed = (shell: string) => spawnSync(shell, ['--version']).status === 0;

describe.skipIf(!installed('fish'))('completion in fish', () => {
  it.each([
    ['ex', ['export']],
    ['export --format ', ['csv', 'jsonl', 'sqlite']],
    ['intel import --name list --ki', ['--kind']],
    ['intel import --kind s', ['suspicious']],
  ])('of "%s" offers %j', (line, offered) => {
    const program = `$COMPLETION | source; complete -C "threat-consensus ${line}"`;
    const printed = execFileSync('fish', ['--no-config', '-c', `echo ${program}`], {
      env: { ...process.env, COMPLETION: scripts.fish },
      encoding: 'utf8',
    });

    const words = printed.split('\n').filter((text) => text !== '');
    expect(words.map((text) => text.split('\t')[0])).toEqual(offered);
  });
});

describe.skipIf(!installed('zsh'))('completion in zsh', () => {
  it('is a script that zsh reads and registers', () => {
    const program =
      'autoload -Uz compinit; compinit -u -D; eval "$COMPLETION"; print $_comps[threat-consensus]';
    const printed = execFileSync('zsh', ['-f', '-c', program], {
      env: { ...process.env, COMPLETION: scripts.zsh },
      encoding: 'utf8',
    });

    expect(printed).toBe('_threat_consensus\n');
  });
});

it('refuses a shell that it does not know', async () => {
  const { end, stdout, stderr } = await call('completion', 'tcsh');

  expect({ end, stdout }).toEqual({ end: 2, stdout: '' });
  expect(stderr).toContain('bash, zsh, fish');
});
