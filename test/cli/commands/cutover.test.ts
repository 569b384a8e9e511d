import {
  DeleteParameterCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { settingsNames } from '../../../lib/cutover/settings.ts';
import {
  type Call,
  callWith,
  ISO_TIME,
  jsonLines,
  ONE_LINE_ERROR,
  type Variables,
} from '../../fixtures/cli/calls.ts';
import { type ParameterService, startParameterService } from '../../fixtures/cli/parameter-service.ts';

const { settings: NAME, initial: INITIAL } = settingsNames('test');

let service: ParameterService;
let variables: Variables;
let call: Call;

beforeAll(async () => {
  service = await startParameterService();
  variables = { ...service.variables, SETTINGS_PARAMETER: NAME, INITIAL_SETTINGS_PARAMETER: INITIAL };
  await put('{"mode":"legacy"}', INITIAL);
  call = callWith(variables);
});

afterAll(async () => await service?.stop());

beforeEach(() => {
  service.intercept = undefined;
});

async function put(value: string, Name = NAME): Promise<number> {
  const written = new PutParameterCommand({ Name, Value: value, Type: 'String', Overwrite: true });
  return (await service.client.send(written)).Version ?? 0;
}

async function current(): Promise<{ value: unknown; version: number }> {
  const { Parameter } = await service.client.send(new GetParameterCommand({ Name: NAME }));
  return { value: JSON.parse(Parameter?.Value ?? 'null'), version: Parameter?.Version ?? 0 };
}

/** State before an operator has set anything. */
async function unset(): Promise<void> {
  try {
    await service.client.send(new DeleteParameterCommand({ Name: NAME }));
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
  }
}

describe('cutover', () => {
  it('shows value, version, time and meaning', async () => {
    const version = await put('{"mode":"parallel","consensusPercent":25,"maliciousThreshold":0.8,"brake":1}');

    const [shown, json] = await Promise.all([call('cutover'), call('cutover', '--json')]);

    expect(shown).toMatchObject({ end: 0, stderr: '' });
    expect(shown.stdout).toContain(
      `${NAME} (set by an operator or a rollback)\n  mode                  parallel\n  consensusPercent      25\n`,
    );
    expect(shown.stdout).toContain('  maliciousThreshold    0.8  (usually 0.7)\n');
    expect(shown.stdout).toContain('brake: unknown to this version, and ignored\n');
    expect(shown.stdout).toContain(
      '\nBoth scorers run on every record; the consensus score is used for 25 % of remote addresses, the legacy score for the others.\n',
    );
    expect(shown.stdout).toMatch(new RegExp(`\\nversion ${version}, written ${ISO_TIME.source}, .+ ago\\n$`));
    expect(jsonLines(json.stdout)).toEqual([
      {
        in_force: 'operator',
        parameter: NAME,
        version,
        changed_at: expect.any(Number),
        mode: 'parallel',
        consensusPercent: 25,
        minScorers: 2,
        outlierThreshold: 0.3,
        uncertaintyThreshold: 0.25,
        maliciousThreshold: 0.8,
        divergenceThreshold: 0.2,
        unknown_keys: ['brake'],
        meaning: expect.stringContaining('25 %'),
      },
    ]);
  });

  it('shows the initial settings where nobody has set others', async () => {
    await unset();

    const [shown, json] = await Promise.all([call('cutover'), call('cutover', '--json')]);

    expect(shown).toMatchObject({ end: 0, stderr: '' });
    expect(shown.stdout).toContain(
      `${INITIAL} (initial settings: no others have been set)\n  mode                  legacy\n`,
    );
    expect(shown.stdout).toMatch(new RegExp(`\\nversion 1, written ${ISO_TIME.source}, .+ ago\\n$`));
    expect(jsonLines(json.stdout)).toMatchObject([
      { in_force: 'initial', parameter: INITIAL, version: 1, mode: 'legacy' },
    ]);
  });

  it('shows an invalid value, says what it does, and fails', async () => {
    await put('{"mode":"turbo"}');

    const { end, stdout, stderr } = await call('cutover');

    expect(end).toBe(1);
    expect(stdout).toContain('invalid: mode: expected legacy or parallel or consensus, got "turbo"\n');
    expect(stdout).toContain('Running functions keep using what they last read');
    expect(stderr).toMatch(ONE_LINE_ERROR);
  });
});

describe('cutover set', () => {
  it('goes all the way and back, and keeps the other settings', async () => {
    const first = await put('{"mode":"legacy","minScorers":3,"brake":{"on":true}}');

    const steps = [];
    for (const args of [['parallel'], ['parallel', '--percent', '40'], ['consensus'], ['legacy']]) {
      steps.push(await call('cutover', 'set', ...args, '--yes', '--json'));
      steps.push(await current());
    }

    const others = { minScorers: 3, brake: { on: true } };
    expect(steps).toMatchObject([
      { end: 0, stderr: '' },
      { version: first + 1, value: { ...others, mode: 'parallel', consensusPercent: 0 } },
      { end: 0, stderr: '' },
      { version: first + 2, value: { ...others, mode: 'parallel', consensusPercent: 40 } },
      { end: 0, stderr: '' },
      { version: first + 3, value: { ...others, mode: 'consensus', consensusPercent: 100 } },
      { end: 0, stderr: '' },
      { version: first + 4, value: { ...others, mode: 'legacy', consensusPercent: 0 } },
    ]);
  });

  it('shows old and new', async () => {
    const version = await put('{"mode":"parallel","consensusPercent":5}');

    const { end, stdout, stderr } = await call('cutover', 'set', 'parallel', '--percent', '10', '--yes');

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(stdout).toBe(
      `${NAME}\n  from  parallel 5 % (version ${version})\n  to    parallel 10 %\n` +
        'Both scorers run on every record; the consensus score is used for 10 % of remote addresses, the legacy score for the others.\n' +
        `changed: version ${version + 1}; takes effect within 36 seconds\n`,
    );
  });

  it('asks, and without an answer changes nothing', async () => {
    const version = await put('{"mode":"legacy"}');

    const { end, stderr } = await call('cutover', 'set', 'parallel');

    expect(end).toBe(2);
    expect(stderr).toBe('error: Change it? No terminal to confirm on: use --yes\n');
    expect(await current()).toMatchObject({ version });
  });

  it.each<[string, string[], number, string]>([
    ['skips the mode parallel', ['consensus', '--yes'], 1, 'go to parallel first, or use --force'],
    ['names no mode', ['turbo', '--yes'], 2, '"turbo" is not a mode: legacy, parallel, consensus'],
    [
      'names a percentage for one score',
      ['consensus', '--percent', '5'],
      2,
      '--percent needs the mode parallel',
    ],
  ])('changes nothing where it %s', async (_, args, code, message) => {
    const version = await put('{"mode":"legacy"}');

    const { end, stdout, stderr } = await call('cutover', 'set', ...args);

    expect({ end, stdout }).toEqual({ end: code, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toContain(message);
    expect(await current()).toMatchObject({ version });
  });

  it('skips the mode parallel where it is forced to', async () => {
    await put('{"mode":"legacy"}');

    expect(await call('cutover', 'set', 'consensus', '--force', '--yes')).toMatchObject({ end: 0 });
    expect(await current()).toMatchObject({ value: { mode: 'consensus' } });
  });

  it('leads out of an invalid value', async () => {
    await put('nonsense');

    const { end, stdout } = await call('cutover', 'set', 'legacy', '--yes');

    expect(end).toBe(0);
    expect(stdout).toContain('  from  invalid (version ');
    expect(await current()).toMatchObject({ value: { mode: 'legacy', minScorers: 2 } });
  });

  it('writes nothing where a rollback has come between looking and writing', async () => {
    await put('{"mode":"parallel","consensusPercent":50}');
    let rolledBack = 0;
    service.intercept = async (operation, callNumber) => {
      if (operation === 'GetParameters' && callNumber === 2) rolledBack = await put('{"mode":"legacy"}');
    };

    const { end, stderr } = await call('cutover', 'set', 'consensus', '--yes', '--json');

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toContain(`someone else, or a rollback, has set it to legacy (version ${rolledBack})`);
    expect(await current()).toMatchObject({ version: rolledBack, value: { mode: 'legacy' } });
  });

  it('says what is in force where somebody writes at the very moment', async () => {
    const version = await put('{"mode":"parallel","consensusPercent":50}');
    service.intercept = async (operation, callNumber) => {
      if (operation === 'GetParameters' && callNumber === 3) await put('{"mode":"legacy"}');
    };

    const { end, stderr } = await call('cutover', 'set', 'consensus', '--yes', '--json');

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toContain(
      `not in force: at the same time someone else, or a rollback, set it to legacy (version ${version + 2})`,
    );
  });

  it('records that it was forced, where no alarm is known to be OK, and shows it', async () => {
    await put('{"mode":"parallel","consensusPercent":50}');
    const { end, stdout } = await call('cutover', 'set', 'consensus', '--force', '--yes');
    const [state, json, history] = await Promise.all([
      call('cutover'),
      call('cutover', '--json'),
      call('cutover', 'history', '--limit', '1'),
    ]);

    expect(end).toBe(0);
    expect(stdout).toContain('Forced: the rollback leaves this alone while the alarm stays on');
    expect(await current()).toMatchObject({ value: { mode: 'consensus', forced: true } });
    expect(state.stdout).toContain('\n  forced                true\n');
    expect(state.stdout).toContain('Forced: the rollback leaves this alone while the alarm stays on');
    expect(jsonLines(json.stdout)).toMatchObject([{ mode: 'consensus', forced: true }]);
    expect(history.stdout).toContain('  consensus, forced\n');
    expect(history.stdout).toContain('set to consensus by command by force (rollback alarm: not known)');
    expect(history.stdout).not.toContain('undefined');

    await call('cutover', 'set', 'parallel', '--percent', '5', '--yes');
    expect((await current()).value).not.toHaveProperty('forced');
  });
});

describe('the first settings', () => {
  it('are created from the initial ones', async () => {
    await unset();

    const { end, stdout } = await call('cutover', 'set', 'parallel', '--yes');

    expect(end).toBe(0);
    expect(stdout).toContain('  from  legacy (initial settings)\n');
    expect(stdout).toContain('changed: version 1;');
    expect(await current()).toMatchObject({ value: { mode: 'parallel' }, version: 1 });
  });

  it('never replace those that somebody else creates at the same moment', async () => {
    await unset();
    service.intercept = async (operation, callNumber) => {
      if (operation === 'PutParameter' && callNumber === 1)
        await put('{"mode":"parallel","consensusPercent":7}');
    };

    const { end, stderr } = await call('cutover', 'set', 'parallel', '--yes');

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toContain(
      'not changed: someone else, or a rollback, has set it to parallel 7 % (version 1)',
    );
    expect(await current()).toMatchObject({ value: { consensusPercent: 7 }, version: 1 });
  });
});

describe('cutover reset', () => {
  it('deletes the settings, and has nothing to do when it is called again', async () => {
    await put('{"mode":"parallel","consensusPercent":5,"minScorers":3}');
    const { version } = await current();
    const first = await call('cutover', 'reset', '--yes', '--reason', 'the trial is over');
    const again = await call('cutover', 'reset', '--yes');
    const json = await call('cutover', 'reset', '--yes', '--json');

    expect(first).toMatchObject({ end: 0, stderr: '' });
    expect(first.stdout).toBe(
      `${NAME} will be deleted, with its history\n  from  parallel 5 % (version ${version})\n  to    legacy (initial settings)\n` +
        '        minScorers: 3 to 2\nOnly the legacy scorer runs, and its score is used for all addresses.\n' +
        'reset: the initial settings take effect within 36 seconds; wait that long before you set others\n',
    );
    expect(again).toEqual({
      end: 0,
      stderr: '',
      stdout: `nothing to reset: there is no ${NAME}, the initial settings are in force\n`,
    });
    expect(jsonLines(json.stdout)).toEqual([
      { parameter: NAME, initial_parameter: INITIAL, reset: false, from: null, to: null },
    ]);
    await expect(current()).rejects.toThrow(ParameterNotFound);
  });

  it('asks, and without an answer deletes nothing', async () => {
    const version = await put('{"mode":"parallel"}');

    const { end, stderr } = await call('cutover', 'reset');

    expect(end).toBe(2);
    expect(stderr).toBe('error: Delete them? No terminal to confirm on: use --yes\n');
    expect(await current()).toMatchObject({ version });
  });

  it('deletes nothing that a rollback writes between looking and writing', async () => {
    await put('{"mode":"parallel","consensusPercent":50}');
    let rolledBack = 0;
    service.intercept = async (operation, callNumber) => {
      if (operation === 'GetParameters' && callNumber === 2) rolledBack = await put('{"mode":"legacy"}');
    };

    const { end, stderr } = await call('cutover', 'reset', '--yes', '--json');

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toContain(
      `not reset: someone else, or a rollback, has set it to legacy (version ${rolledBack})`,
    );
    expect(await current()).toMatchObject({ version: rolledBack });
  });
});

describe('cutover history', () => {
  it('says that there is none where nobody has set anything', async () => {
    await unset();
    const [text, json] = await Promise.all([
      call('cutover', 'history'),
      call('cutover', 'history', '--json'),
    ]);

    expect(text).toEqual({
      end: 0,
      stderr: '',
      stdout: `${NAME} was never set, or was reset since: the initial settings are in force\n`,
    });
    expect(json).toEqual({ end: 0, stderr: '', stdout: '' });
  });

  it('shows the latest first, with what changed and why', async () => {
    await put('{"mode":"legacy"}');
    await put('{"mode":"legacy","maliciousThreshold":0.9}');
    await call('cutover', 'set', 'parallel', '--percent', '5', '--reason', 'a first look', '--yes');

    const { end, stdout, stderr } = await call('cutover', 'history', '--limit', '2');

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(new RegExp(`^ {2}v\\d+ +${ISO_TIME.source} {2}parallel 5 %$`));
    expect(lines[1]).toBe('        set to parallel 5 % by command: a first look');
    expect(lines[2]).toMatch(/^ {8}by arn:aws:iam::\d+:root$/);
    expect(lines[3]).toMatch(/ legacy$/);
    expect(lines[4]).toBe('        maliciousThreshold: 0.7 to 0.9');
    expect(stdout.match(/^ {2}v\d/gm)).toHaveLength(2);
  });
});

describe('cutover without its parameter', () => {
  it.each<[string, Variables, number, RegExp]>([
    [
      'no name',
      { SETTINGS_PARAMETER: '' },
      2,
      /which settings parameter\? Use --local, --env or --settings-parameter, or set SETTINGS_PARAMETER/,
    ],
    [
      'no name of the initial ones',
      { INITIAL_SETTINGS_PARAMETER: '' },
      2,
      /which initial settings parameter\? Use --local, --env or --initial-settings-parameter, or set INITIAL_SETTINGS_PARAMETER/,
    ],
    [
      'a name that nobody knows',
      { SETTINGS_PARAMETER: '/nobody', INITIAL_SETTINGS_PARAMETER: '/no-one' },
      1,
      /there is neither \/nobody nor \/no-one, so the legacy score is used. Are names, account and AWS_REGION right\?/,
    ],
    [
      'nobody who answers',
      { AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:1' },
      1,
      /nothing answers at 127.0.0.1:1.*AWS_ENDPOINT_URL/,
    ],
  ])('fails in one line: %s', async (_, changes, code, message) => {
    const { end, stdout, stderr } = await callWith({ ...variables, ...changes })('cutover');

    expect({ end, stdout }).toEqual({ end: code, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toMatch(message);
  });
});
