import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, callWith, jsonLines, variablesOf } from '../../fixtures/cli/calls.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';
import { connectionsTo, ndjson } from '../../fixtures/service/connections.ts';
import { type LogFileService, startLogFileService } from '../../fixtures/service/log-file-service.ts';

const FOLDER = createWorkFolder();

let service: LogFileService;
let call: Call;

beforeAll(async () => {
  service = await startLogFileService();
  call = callWith(variablesOf(service.stack));
});

afterAll(async () => await service?.stop());

async function put(key: string, text: string) {
  const file = join(FOLDER, key);
  writeFileSync(file, text);
  return await call('put', file, '--key', key);
}

describe('a log file', () => {
  it('that is put is reported with its size, and listed once it has been read', async () => {
    const text = ndjson(connectionsTo('203.0.113', 20));

    const { end, stdout } = await put('good.ndjson', text);
    await service.ended('good.ndjson');
    const list = await call('ingest', 'list', '--state', 'done');

    const bytes = text.length.toString().replace(/(?=\d{3}$)/, ',');
    expect({ end, stdout }).toEqual({
      end: 0,
      stdout: `s3://${service.bucket}/good.ndjson: ${bytes} bytes; \`ingest list\` shows when it has been read\n`,
    });
    expect(list.stdout).toMatch(/ {2}done {2}s3:\S+\/good\.ndjson\n {4}20 read \(by line\): 20 sent\n$/);
  });

  it('that could not be read goes back to be read, not to the work queue', async () => {
    await put('bad.log', 'garbage');
    await service.ended('bad.log');

    const others = await call('ingest', 'retry', '--match', 'nothing like it');
    const retried = await call('ingest', 'retry', '--match', 'bad.log');

    expect(others).toMatchObject({
      end: 0,
      stdout:
        'to be read again: 0 log files; 1 other left in place; `ingest list` shows when they have been read\n',
    });
    expect(retried).toMatchObject({
      end: 0,
      stdout: 'to be read again: 1 log file; `ingest list` shows when they have been read\n',
    });
    const { state } = await service.ended('bad.log');
    const [listed] = jsonLines((await call('ingest', 'list', '--state', 'failed', '--json')).stdout);
    expect({ state, listed }).toMatchObject({ state: 'failed', listed: { state: 'failed' } });
  });
});
