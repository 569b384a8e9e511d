import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { SCORER_NAMES } from '../../../lib/consensus/vote.ts';
import { callInto, callWith, jsonLines, ONE_LINE_ERROR, startCall } from '../../fixtures/cli/calls.ts';
import { SAMPLE_FILE } from '../../fixtures/sample/generate.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';
import { ACCUSED, CLEARED, connection } from '../../fixtures/service/connections.ts';
import { EVENTUALLY } from '../../fixtures/service/scoring-service.ts';

/** No cloud access: no region, no credentials, no names. */
const call = callWith({});
const folder = createWorkFolder();

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe.concurrent('score', () => {
  it('gives a verdict with votes and reasons for each record, in order', async () => {
    const { end, stdout, stderr } = await call('score', SAMPLE_FILE);

    const verdicts = jsonLines(stdout);
    const lines = readFileSync(SAMPLE_FILE, 'utf8').trimEnd().split('\n');
    expect({ end, stderr }).toEqual({ end: 0, stderr: '1,212 records scored, 8 invalid\n' });
    expect(verdicts.map(({ line }) => line)).toEqual(lines.map((_, n) => n + 1));
    const invalid = verdicts.filter((verdict) => 'error' in verdict);
    expect(invalid).toHaveLength(8);
    for (const verdict of invalid) {
      expect(Object.keys(verdict)).toEqual(['line', 'error']);
      expect(verdict.error).toMatch(/^[\w.]+: \S|^not JSON: \S/);
    }
    const number = expect.any(Number);
    const text = expect.any(String);
    const vote = { score: number, confidence: number, reasoning: text, features: expect.any(Object) };
    expect(verdicts[0]).toEqual({
      line: 1,
      id: JSON.parse(lines[0] ?? '').id,
      address: text,
      dst_port: number,
      protocol: text,
      direction: text,
      threat_score: number,
      scored_by: 'consensus',
      engine_version: text,
      method: 'median',
      consensus_score: number,
      confidence: number,
      spread: number,
      high_uncertainty: false,
      outliers: [],
      degraded: false,
      votes: Object.fromEntries(SCORER_NAMES.map((name) => [name, vote])),
      failures: {},
      quorum: 1,
      evidence: expect.any(Array),
      input: expect.any(Object),
    });
  });

  it('answers a line of standard input before the next one comes', async () => {
    const command = startCall({}, ['score', '-', '--json']);
    const records = [
      connection({ dst_ip: '198.18.0.1', threat_intel: ACCUSED }),
      connection({ dst_ip: '198.18.0.2', threat_intel: CLEARED }),
    ];
    for (const [n, record] of records.entries()) {
      command.process.stdin.write(`${JSON.stringify(record)}\n`);
      await vi.waitFor(() => expect(jsonLines(command.printed.stdout)).toHaveLength(n + 1), EVENTUALLY);
    }
    command.process.stdin.end();

    const { end, stdout, stderr } = await command.ended;

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    const [accused, cleared] = jsonLines(stdout);
    expect(accused).toMatchObject({ line: 1, address: '198.18.0.1' });
    expect(cleared).toMatchObject({ line: 2, address: '198.18.0.2' });
    expect(Number(accused?.threat_score)).toBeGreaterThan(0.7);
    expect(Number(cleared?.threat_score)).toBeLessThan(0.2);
  });

  it('counts the elements of an array', async () => {
    const path = file('records.json', JSON.stringify([connection(), null, connection({ dst_port: -1 })]));

    const { end, stdout, stderr } = await call('score', path);

    expect({ end, stderr }).toEqual({ end: 0, stderr: '1 record scored, 2 invalid\n' });
    expect(jsonLines(stdout)).toMatchObject([
      { element: 1, threat_score: expect.any(Number) },
      { element: 2, error: 'record: expected an object, got null' },
      { element: 3, error: 'dst_port: expected at least 0, got -1' },
    ]);
  });

  it("scores the side that is not in the site's own networks", async () => {
    const record = { timestamp: 1, src_ip: '9.9.9.9', dst_ip: '8.8.4.4', dst_port: 80, protocol: 'tcp' };
    const path = file('home.ndjson', JSON.stringify(record));

    const abroad = await call('score', path, '--home', '8.8.4.0/24,2001:db8::/32');
    const home = await call('score', path, '--home', '9.9.9.0/24');

    expect(jsonLines(abroad.stdout)).toMatchObject([{ address: '9.9.9.9', direction: 'inbound' }]);
    expect(jsonLines(home.stdout)).toMatchObject([{ address: '8.8.4.4', direction: 'outbound' }]);
  });

  it.for(['head -1', 'true'])('into a reader that leaves (%s) is no failure', async (reader) => {
    const { end, stdout, stderr } = await callInto(reader, {}, ['score']);

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(jsonLines(stdout)).toHaveLength(reader === 'true' ? 0 : 1);
  });

  it.for<[string, number, readonly string[]]>([
    ['a missing file', 1, [join(folder, 'missing')]],
    ['a folder', 1, [folder]],
    ['networks that are none', 2, [SAMPLE_FILE, '--home', '192.0.2.1']],
    ['two files', 2, [SAMPLE_FILE, SAMPLE_FILE]],
  ])('%s is an error in one line', async ([, code, args]) => {
    const { end, stdout, stderr } = await call('score', ...args);

    expect({ end, stdout }).toEqual({ end: code, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
  });

  it('an array that is cut short is no defect of the command', async () => {
    const { end, stderr } = await call('score', file('cut-short.json', '[{"timestamp":1}'));

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
  });

  it('an input without records fails, as it does elsewhere', async () => {
    expect(await call('score', file('empty.ndjson', ''))).toMatchObject({ end: 1 });
  });
});
