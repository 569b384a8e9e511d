import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeChange, proposeChange } from '../../../lib/cli/use/cutover/set-cutover.ts';
import type { AlarmState } from '../../../lib/cutover/plan-change.ts';
import { rollBack } from '../../../lib/cutover/roll-back.ts';
import { settingsNames } from '../../../lib/cutover/settings.ts';
import type { Emulator } from '../../../lib/local/emulators/emulator.ts';
import { startSsmEmulator } from '../../../lib/local/emulators/ssm-emulator.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../../fixtures/local/fault-proxy.ts';
import { currentValue } from '../../fixtures/service/current-value.ts';

const NAMES = settingsNames('test');
const NAME = NAMES.settings;
const SETTINGS = { region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };

let ssm: Emulator;
let proxy: FaultProxy;
/** The command's client, through a network that loses answers. */
let client: SSMClient;
/** Everyone else's client. */
let direct: SSMClient;
let alarm: AlarmState;
/** The fate of the command's writes. */
let onPut: () => Promise<Fault | undefined>;

beforeAll(async () => {
  ssm = await startSsmEmulator();
  proxy = await startFaultProxy({
    target: ssm.endpoint,
    intercept: (operation) => (operation === 'PutParameter' ? onPut() : undefined),
  });
  client = new SSMClient({ ...SETTINGS, endpoint: proxy.endpoint });
  direct = new SSMClient({ ...SETTINGS, endpoint: ssm.endpoint });
});

afterAll(async () => {
  client?.destroy();
  direct?.destroy();
  await proxy?.close();
  await ssm?.close();
});

beforeEach(async () => {
  alarm = 'OK';
  onPut = async () => undefined;
  const before = '{"mode":"parallel","consensusPercent":20,"minScorers":3}';
  await direct.send(new PutParameterCommand({ Name: NAME, Value: before, Overwrite: true, Type: 'String' }));
});

async function inForce(): Promise<unknown> {
  return JSON.parse((await currentValue(direct, NAME)).value);
}

const LEGACY = expect.objectContaining({ mode: 'legacy', consensusPercent: 0, minScorers: 3 });

async function set(percent: number): Promise<number> {
  const target = { client, names: NAMES, rollbackAlarm: async () => alarm };
  const wanted = { mode: 'parallel', percent, isForced: false, reason: '' } as const;
  return await makeChange(target, await proposeChange(target, wanted));
}

/** Applies a fault to the first write; all others succeed. */
function firstPut(fault: () => Promise<Fault | undefined>): void {
  onPut = async () => {
    onPut = async () => undefined;
    return await fault();
  };
}

describe('a step forward', () => {
  it.each(['lose', { status: 500, body: {} }] as const)(
    'is sent once, whatever comes of it: %j',
    async (fault) => {
      const before = proxy.callsOf('PutParameter');
      onPut = async () => fault;
      await set(50).catch(() => {});

      expect(proxy.callsOf('PutParameter')).toBe(before + 1);
    },
  );

  it('whose answer is lost is known to be made', async () => {
    const { version } = await currentValue(direct, NAME);
    firstPut(async () => 'lose');

    expect(await set(50)).toBe(version + 1);
    expect(await inForce()).toMatchObject({ consensusPercent: 50 });
  });

  it('that may not have arrived is reported as not known, with what is in force', async () => {
    const { version } = await currentValue(direct, NAME);
    firstPut(async () => 'drop');

    await expect(set(50)).rejects.toThrow(
      new RegExp(
        `^it is not known whether the settings were changed: could not write .+; they were last seen as parallel 20 % \\(version ${version}\\); check with \`threat-consensus cutover\`$`,
      ),
    );
  });

  it.each([undefined, 'lose'] as const)(
    'that covers a rollback does not undo it: answer %s',
    async (fault) => {
      firstPut(async () => {
        alarm = 'ALARM';
        await rollBack(direct, NAMES, { name: 'rollback', atMs: Date.now(), causes: [] });
        return fault;
      });

      await expect(set(90)).rejects.toThrow(
        /^the rollback alarm changed to ALARM at the same time: legacy is in force now \(version \d+\)$/,
      );
      expect(await inForce()).toEqual(LEGACY);
    },
  );

  it('during which the alarm goes off is taken back to legacy, by whoever comes first', async () => {
    let raisedAtMs = 0;
    firstPut(async () => {
      raisedAtMs = Date.now();
      alarm = 'ALARM';
      await new Promise((resolve) => setTimeout(resolve, 10));
      return undefined;
    });

    await expect(set(90)).rejects.toThrow('legacy is in force now');
    expect(await inForce()).toEqual(LEGACY);
    const late = await rollBack(direct, NAMES, { name: 'rollback', atMs: raisedAtMs, causes: [] });
    expect(late).toMatchObject({ status: 'rolled_back_before', cutover: 'legacy' });
  });

  it('is taken back by the rollback alone where the command was killed right after its write', async () => {
    const raised = { name: 'rollback', atMs: Date.now() - 60_000, causes: [] };
    await set(90);

    expect(await rollBack(direct, NAMES, raised)).toMatchObject({ status: 'rolled_back' });
    expect(await inForce()).toEqual(LEGACY);
  });
});

describe('a rollback whose answers are lost', () => {
  it.each(['lose', 'drop'] as const)('is made all the same, and known to be: %s', async (fault) => {
    firstPut(async () => fault);
    const raised = { name: 'rollback', atMs: Date.now(), causes: [] };

    expect(await rollBack(client, NAMES, raised)).toMatchObject({ status: 'rolled_back', cutover: 'legacy' });
    expect(await inForce()).toEqual(LEGACY);
  });
});
