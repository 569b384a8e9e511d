import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parameterHistory } from '../../../lib/cutover/parameter-history.ts';
import { rollBack } from '../../../lib/cutover/roll-back.ts';
import { settingsNames } from '../../../lib/cutover/settings.ts';
import type { SettingsNames } from '../../../lib/cutover/stored-settings.ts';
import { type ParameterService, startParameterService } from '../../fixtures/cli/parameter-service.ts';
import { collect } from '../../fixtures/service/table-contents.ts';

let service: ParameterService;
/** The rollback's client, with interference in between. */
let client: SSMClient;
let count = 0;
let names: SettingsNames;
let name = '';

beforeAll(async () => {
  service = await startParameterService();
  client = new SSMClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: service.variables.AWS_ENDPOINT_URL_SSM ?? '',
  });
});

afterAll(async () => {
  client?.destroy();
  await service?.stop();
});

beforeEach(() => {
  service.intercept = undefined;
  names = settingsNames(`test${count++}`);
  name = names.settings;
});

async function put(value: string): Promise<void> {
  const written = { Name: name, Value: value, Type: 'String', Overwrite: true } as const;
  await service.client.send(new PutParameterCommand(written));
}

async function current(): Promise<{ value: string; version: number }> {
  const { Parameter } = await service.client.send(new GetParameterCommand({ Name: name }));
  return { value: Parameter?.Value ?? '', version: Parameter?.Version ?? 0 };
}

/** An alarm that triggers this long after the last change. */
const alarm = (afterMs = 60_000) => ({ name: 'rollback', atMs: Date.now() + afterMs, causes: ['failures'] });

const BACK = '{"mode":"legacy","consensusPercent":0}';

describe('rollBack', () => {
  it('writes once, with the reason, and finds nothing to do when it is asked again', async () => {
    await put('{"mode":"parallel","consensusPercent":25}');
    const raised = alarm(5);
    // As in AWS, the rollback runs later than the alarm.
    await new Promise((resolve) => setTimeout(resolve, 10));
    const first = await rollBack(client, names, raised);
    const again = await rollBack(client, names, raised);

    const description = `rolled back from parallel 25 % (version 1): rollback went off at ${new Date(raised.atMs).toISOString()}, set off by failures`;
    const seen = { source: 'operator', version: 2, cutover: 'legacy', usesConsensus: false };
    expect(first).toEqual({ ...seen, status: 'rolled_back', written: { version: 2, description } });
    expect(again).toEqual({ ...seen, status: 'rolled_back_before' });
    expect(await current()).toEqual({ value: BACK, version: 2 });
    const [, last] = await collect(parameterHistory(client, name));
    expect(last?.description).toBe(description);
  });

  it('says what an earlier attempt of the same run did', async () => {
    await put('{"mode":"consensus"}');
    const first = await rollBack(client, names, alarm(), 'event-1');
    await put('{"mode":"parallel","consensusPercent":5}');

    expect(await rollBack(client, names, undefined, 'event-1')).toEqual({
      ...first,
      version: 3,
      cutover: 'parallel 5 %',
      usesConsensus: true,
    });
    expect(await rollBack(client, names, undefined, 'event-2')).toMatchObject({
      status: 'stayed',
      version: 3,
    });
  });

  it('takes back what was written after the alarm went off, and is still on', async () => {
    await put('{"mode":"consensus"}');

    expect(await rollBack(client, names, alarm(-60_000))).toMatchObject({
      status: 'rolled_back',
      version: 2,
    });
    expect(await current()).toEqual({ value: BACK, version: 2 });
  });

  it('leaves what was forced since, and nothing that was forced before', async () => {
    await put('{"mode":"consensus","forced":true}');

    expect(await rollBack(client, names, alarm(-60_000))).toEqual({
      status: 'forced',
      source: 'operator',
      version: 1,
      cutover: 'consensus',
      usesConsensus: true,
    });
    expect(await rollBack(client, names, alarm())).toMatchObject({ status: 'rolled_back' });
    expect(await current()).toEqual({ value: BACK, version: 2 });
  });

  it.each(['{"mode":"parallel","consensusPercent":0}', '{"mode":"legacy"}'])(
    'writes nothing where %s is in force',
    async (value) => {
      await put(value);

      expect(await rollBack(client, names, alarm())).toMatchObject({ status: 'stayed', version: 1 });
      expect(await current()).toEqual({ value, version: 1 });
    },
  );

  it('keeps the other settings that somebody writes at the same moment, and goes back all the same', async () => {
    await put('{"mode":"parallel","consensusPercent":25}');
    service.intercept = async (operation, callNumber) => {
      if (operation === 'PutParameter' && callNumber === 1) {
        await put('{"mode":"parallel","consensusPercent":50,"minScorers":3}');
      }
    };

    expect(await rollBack(client, names, alarm())).toMatchObject({ status: 'rolled_back', version: 4 });
    expect(await current()).toEqual({
      value: '{"mode":"legacy","consensusPercent":0,"minScorers":3}',
      version: 4,
    });
  });

  it('is content when the same is written at the same moment: it was invoked twice', async () => {
    await put('{"mode":"consensus"}');
    const raised = alarm();
    const outcomes = await Promise.all([rollBack(client, names, raised), rollBack(client, names, raised)]);

    // Either may have come too late to find anything to do.
    for (const { status } of outcomes)
      expect(['rolled_back', 'rolled_back_before', 'stayed']).toContain(status);
    expect(outcomes.map(({ status }) => status)).toContain('rolled_back');
    const { value, version } = await current();
    expect(value).toBe(BACK);
    expect(version).toBeLessThanOrEqual(3);
  });

  it('makes of an invalid value the defaults, in mode legacy', async () => {
    await put('{"mode":"consensus","minScorers":17}');

    expect(await rollBack(client, names, alarm())).toMatchObject({
      status: 'rolled_back',
      written: { description: expect.stringContaining('rolled back from invalid settings (version 1)') },
    });
    expect(JSON.parse((await current()).value)).toMatchObject({ mode: 'legacy', minScorers: 2 });
  });
});
