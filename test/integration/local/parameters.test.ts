import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  ParameterVersionNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../lib/local/emulators/emulator.ts';
import { startSsmEmulator } from '../../../lib/local/emulators/ssm-emulator.ts';
import { createTemporaryFolder } from '../../fixtures/local/local-service.ts';

const Name = '/threat-consensus/test/settings';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

let emulator: Emulator;
let client: SSMClient;

async function startWith(file?: string): Promise<void> {
  emulator = await startSsmEmulator({ file });
  client = new SSMClient({ region: 'us-east-1', credentials, endpoint: emulator.endpoint, maxAttempts: 1 });
}

async function stop(): Promise<void> {
  client.destroy();
  await emulator.close();
}

beforeEach(() => startWith());
afterEach(stop);

const put = (Value: string, more: object = {}) =>
  client.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true, ...more }));
const get = (name = Name, more: object = {}) => client.send(new GetParameterCommand({ Name: name, ...more }));

describe('the parameter store', () => {
  it('gives what was put, with a version that counts values', async () => {
    const beforeMs = Date.now();
    const first = await put('a');
    const second = await put('b');
    const { Parameter } = await get();

    expect([first.Version, second.Version]).toEqual([1, 2]);
    expect(Parameter).toEqual({
      Name,
      ARN: `arn:aws:ssm:us-east-1:000000000000:parameter${Name}`,
      DataType: 'text',
      Type: 'String',
      Value: 'b',
      Version: 2,
      LastModifiedDate: expect.any(Date),
    });
    expect(Parameter?.LastModifiedDate?.getTime()).toBeGreaterThanOrEqual(beforeMs);
    expect(await get(`${Name}:1`)).toMatchObject({ Parameter: { Value: 'a', Version: 1, Selector: ':1' } });
  });

  it('overwrites only where it is told to, and keeps the type then', async () => {
    await put('a', { Type: 'StringList' });

    await expect(put('b', { Overwrite: undefined })).rejects.toBeInstanceOf(ParameterAlreadyExists);
    await put('c', { Type: undefined });

    expect(await get()).toMatchObject({ Parameter: { Value: 'c', Version: 2, Type: 'StringList' } });
  });

  it('shows a secure string only when asked to', async () => {
    await put('secret', { Type: 'SecureString' });

    const hidden = await get();
    const shown = await get(Name, { WithDecryption: true });

    expect(hidden.Parameter?.Value).not.toContain('secret');
    expect(shown.Parameter?.Value).toBe('secret');
  });

  it('keeps the last hundred values, and gives them page by page, the oldest first', async () => {
    for (let n = 1; n <= 103; n++) await put(`value ${n}`);
    const pages = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(new GetParameterHistoryCommand({ Name, MaxResults: 40, NextToken }));
      pages.push(page.Parameters ?? []);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);

    expect(pages.map(({ length }) => length)).toEqual([40, 40, 20]);
    expect(pages.flat().map(({ Version }) => Version)).toEqual(Array.from({ length: 100 }, (_, n) => n + 4));
    expect(pages.flat().at(-1)).toMatchObject({ Name, Value: 'value 103', Type: 'String' });
    await expect(get(`${Name}:3`)).rejects.toBeInstanceOf(ParameterVersionNotFound);
  });

  it('gives several at once, and names those that are not there', async () => {
    await put('a');

    const found = await client.send(new GetParametersCommand({ Names: [Name, '/nobody'] }));

    expect(found).toMatchObject({ Parameters: [{ Name, Value: 'a' }], InvalidParameters: ['/nobody'] });
  });

  it('knows nothing of a parameter that was never put, or was deleted', async () => {
    await put('a');
    await client.send(new DeleteParameterCommand({ Name }));

    await expect(get()).rejects.toBeInstanceOf(ParameterNotFound);
    await expect(get('/nobody')).rejects.toBeInstanceOf(ParameterNotFound);
    await expect(client.send(new DeleteParameterCommand({ Name }))).rejects.toBeInstanceOf(ParameterNotFound);
    expect(await put('b')).toMatchObject({ Version: 1 });
  });

  it.each<[string, object]>([
    ['a value over 4 KB', { Value: 'x'.repeat(4_097) }],
    ['a name with blanks', { Name: '/a b' }],
    ['a hierarchy without its first slash', { Name: 'a/b' }],
    ['a name of AWS', { Name: '/aws/service' }],
    ['no type for a new parameter', { Type: undefined }],
  ])('refuses %s', async (_, wrong) => {
    await expect(put('a', wrong)).rejects.toMatchObject({
      name: 'ValidationException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('keeps its content in a file from start to start', async () => {
    const file = join(createTemporaryFolder(), 'ssm.json');
    await stop();
    await startWith(file);
    await put('a');
    await put('b');
    await stop();

    await startWith(file);

    expect(await get()).toMatchObject({ Parameter: { Value: 'b', Version: 2 } });
    expect(await get(`${Name}:1`)).toMatchObject({ Parameter: { Value: 'a' } });
    expect(readFileSync(file, 'utf8')).toContain(Name);
  });

  it('says which file it cannot read', async () => {
    const file = join(createTemporaryFolder(), 'ssm.json');
    writeFileSync(file, '[["/a",');

    await expect(startSsmEmulator({ file })).rejects.toMatchObject({
      code: 'data_directory_unusable',
      message: expect.stringContaining(file),
    });
  });
});
