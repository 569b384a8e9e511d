import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { SAMPLE_FILE, sampleLines } from '../fixtures/sample/generate.ts';
import {
  COMMAND,
  createWorkFolder,
  start,
  startThreatConsensus,
  threatConsensus,
} from '../fixtures/service/command-line.ts';
import { connection, connectionsTo, ndjson } from '../fixtures/service/connections.ts';
import { EVENTUALLY } from '../fixtures/service/scoring-service.ts';

/** Content of the sample, from its generator: 1,200 records, 12 repeated ones, 7 invalid lines and one truncated. */
const SAMPLE = { pushed: 1_220, stored: 1_200, duplicates: 12, rejected: 8 };

const VALID = '{"timestamp":1,"src_ip":"10.0.0.1","dst_ip":"8.8.8.8","dst_port":53,"protocol":"udp"}';

/** What the README shows of this run, by parts between its ellipses. */
function readmeExcerpt(): string[] {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const [, excerpt = ''] = /```text\n(.*?)```/s.exec(readme) ?? [];
  return excerpt.split(/^ *\.\.\.\n/m).filter((part) => part !== '');
}

/** Parts that a text does not have, or not in this order. */
function unfound(parts: readonly string[], text: string): string[] {
  let from = 0;
  return parts.filter((part) => {
    const at = text.indexOf(part, from);
    if (at >= 0) from = at + part.length;
    return at < 0;
  });
}

describe.concurrent('a run', () => {
  it('of the sample reports to humans', async () => {
    const { end, stdout, stderr } = await start('npm', ['start', '--silent']).ended;

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(stdout).toMatch(/^1,220 connection records from the sample that ships with the project\n/);
    expect(stdout).toMatch(/^ {2}stored +1,200$/m);
    expect(stdout).toMatch(/^ {2}duplicates +12 /m);
    expect(stdout).toMatch(/^ {2}rejected +8 /m);
    expect(stdout).toMatch(
      /^Look at these first\n {2}0\.9\d+ {2}\S+ {2}\d+ connections? to .*\n {8}from 10\.\S+$/m,
    );
    expect(stdout).toMatch(
      /^Unanswered from outside: [\d,]+ connections from \d+ addresses.* \(--knocks lists the worst\)$/m,
    );
    expect(stdout).toMatch(
      /^Announcements: a deployment announces [1-9]\d* of these addresses, and sums up unanswered ones once an hour /m,
    );
    expect(stdout).toMatch(/^Rejected records\n {2}line 98: not JSON: /m);
    expect(stdout).toMatch(/^ {2}line 1220: not JSON: .*\n\nWork done\n/m);
    expect(stdout).toMatch(
      /On AWS that is \$\d\.\d\d per million records like these\.\n\nNext\n {2}npx threat-consensus run /,
    );
    expect(unfound(readmeExcerpt(), stdout)).toEqual([]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('of the sample reports to programs', async () => {
    const { end, stdout, stderr } = await threatConsensus(['run', '--json']);

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(stdout.endsWith('}\n')).toBe(true);
    const figures = JSON.parse(stdout) as Record<string, number>;
    const number = expect.any(Number);
    expect(figures).toEqual({
      ...SAMPLE,
      assessments: number,
      without_evidence: number,
      evidence: expect.any(Object),
      consensus_failures: 0,
      high_uncertainty: number,
      malicious: number,
      degraded: 0,
      announcements: number,
      unanswered_knocks: { connections: number, addresses: number, malicious_addresses: number },
      duration_seconds: number,
      records_per_second: number,
      latency_ms: { p50: number, p99: number, max: number },
      received_to_stored_ms: { p50: number, p99: number, max: number },
      dynamodb: { write_units: number, read_units: number, requests: number },
      sqs: { requests: number, billed_requests: number },
      cost_per_million_usd: number,
    });
    expect(figures.malicious).toBeGreaterThan(0);
    expect(figures.malicious).toBeLessThan(figures.assessments ?? 0);
    expect(figures.cost_per_million_usd).toBeGreaterThan(0);
  });

  it('reads standard input', async () => {
    const command = start(process.execPath, [COMMAND, 'run', '-', '--json']);
    const records = connectionsTo('198.18.0', 5);
    command.process.stdin.write(`${ndjson(records.slice(0, 2))}\n`);
    command.process.stdin.end(ndjson(records.slice(2)));

    const { end, stdout, stderr } = await command.ended;

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      pushed: 5,
      stored: 5,
      duplicates: 0,
      rejected: 0,
      assessments: 5,
    });
  });

  it('reads a JSON array, and names its elements', async () => {
    const file = join(createWorkFolder(), 'records.json');
    const elements = [
      connection(),
      connection({ dst_port: -1 }),
      connection(),
      null,
      connection({ dst_port: 80 }),
    ];
    writeFileSync(file, JSON.stringify(elements, null, 2).replaceAll('\n', '\r\n'));

    const { end, stdout, stderr } = await threatConsensus(['run', file]);

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(stdout).toContain(`5 connection records from ${file}\n`);
    expect(stdout).toMatch(/^ {2}stored +2\n {2}duplicates +1 .*\n {2}rejected +2 /m);
    expect(stdout).toContain(
      'Rejected records\n' +
        '  element 2: dst_port: expected at least 0, got -1\n' +
        '  element 4: record: expected an object, got null\n',
    );
  });

  it.for([
    ['head -1', /^1,220 connection records from the sample/],
    ['true', /^$/],
  ] as const)(
    'into a reader that leaves (%s) is no failure, and leaves nothing behind',
    async ([reader, read]) => {
      const TMPDIR = createWorkFolder();
      const pipeline = `"$0" "$1" run | ${reader}; exit "\${PIPESTATUS[0]}"`;

      const { end, stdout, stderr } = await start(
        'bash',
        ['--norc', '-c', pipeline, process.execPath, COMMAND],
        {
          TMPDIR,
        },
      ).ended;

      expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
      expect(stdout).toMatch(read);
      expect(readdirSync(TMPDIR)).toEqual([]);
    },
  );
});

it('the sample is what its generator makes, byte for byte', () => {
  expect(readFileSync(SAMPLE_FILE, 'utf8')).toBe(sampleLines().join('\n'));
});

describe.concurrent('a run of odd input or an end', () => {
  it('that is interrupted says so by its exit code, and leaves nothing behind', async () => {
    const TMPDIR = createWorkFolder();
    const dataFolder = createWorkFolder();
    const command = startThreatConsensus(['run', '--data', dataFolder], { TMPDIR });
    await vi.waitFor(() => expect(readdirSync(dataFolder)).not.toEqual([]), EVENTUALLY);

    command.process.kill('SIGINT');

    expect(await command.ended).toEqual({ end: 130, stdout: '', stderr: '' });
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it.each([
    [
      'a pretty-printed record',
      '{\n"timestamp":1,\n"src_ip":"10.0.0.1","dst_ip":"8.8.8.8","dst_port":53,"protocol":"udp"\n}\n',
      { pushed: 1, stored: 1 },
    ],
    ['arrays in arrays', `[[${VALID}],[]]`, { pushed: 1, stored: 1 }],
    ['lines that are JSON only together', `${VALID}\n"a"\n:\n{\n}\n`, { pushed: 5, stored: 1, rejected: 4 }],
    [
      'an emoji and a control character',
      `${VALID.slice(0, -1)},"note":"a\u0001b\u{1f525}"}`,
      { pushed: 1, stored: 1 },
    ],
  ])('of %s accounts for every record', async (_, text, expected) => {
    const { end, stdout } = await threatConsensus(['run', '-', '--json'], {}, text);

    expect(end).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ duplicates: 0, rejected: 0, ...expected });
  });
});
