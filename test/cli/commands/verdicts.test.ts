import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { URGENCIES } from '../../../lib/announcement/urgency.ts';
import { SCORER_NAMES } from '../../../lib/consensus/vote.ts';
import {
  type Call,
  callInto,
  callWith,
  ISO_TIME,
  type Json,
  jsonLines,
  ONE_LINE_ERROR,
  type Variables,
  variablesOf,
} from '../../fixtures/cli/calls.ts';
import { SAMPLE_FILE } from '../../fixtures/sample/generate.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';

/** Addresses of the sample: one malicious according to all sources, one clean, and one on which they disagree. */
const ACCUSED = '203.0.113.201';
const CLEARED = '9.9.9.9';
const UNCERTAIN = '198.51.100.204';

/** A local host that calls the malicious one. */
const CALLER = '10.20.4.66';
/** A line of `attention`. */
const ENTRY = /^ {2}[01]\.\d{3} {2}\S+ +\d+\/\w+/;

let service: ScoringService;
let variables: Variables;
let call: Call;

beforeAll(async () => {
  service = await startScoringService();
  variables = variablesOf(service.stack);
  call = callWith(variables);
});

afterAll(async () => await service?.stop());

async function linesOf(...args: readonly string[]): Promise<Json[]> {
  const { end, stdout, stderr } = await call(...args, '--json');
  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  return jsonLines(stdout);
}

async function idOf(address: string): Promise<string> {
  const [latest] = await linesOf('assessments', address, '--limit', '1');
  return String(latest?.id);
}

describe.concurrent('before anything has arrived', () => {
  it('nothing is stored about an address', async () => {
    expect(await call('assessments', ACCUSED)).toEqual({
      end: 1,
      stdout: '',
      stderr: `error: nothing is stored about ${ACCUSED}; is it the remote side of a connection? For a host of your own, add --inside\n`,
    });
  });

  it.for([
    ['attention', 'nothing needs attention since '],
    ['labels', 'nothing was labelled since '],
  ])('%s has nothing to show', async ([command = '', message = '']) => {
    const { end, stdout, stderr } = await call(command);

    expect({ end, stdout }).toEqual({ end: 0, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${message}${ISO_TIME.source}\n$`));
  });

  it('stats says so, and has figures all the same', async () => {
    const [text, figures] = await Promise.all([call('stats'), linesOf('stats')]);

    expect(text).toMatchObject({ end: 0, stderr: '' });
    expect(text.stdout).toMatch(new RegExp(`^no messages have arrived since ${ISO_TIME.source}\n$`));
    expect(figures).toMatchObject([{ messages: 0, failure_rate: 0, consensus_accuracy: null }]);
  });

  it('there is no assessment to label', async () => {
    const id = `${ACCUSED}/fiGCaZRSzH4sTAYKtvKdMj/443/tcp/outbound`;

    expect(await call('label', id, 'malicious')).toEqual({
      end: 1,
      stdout: '',
      stderr: `error: there is no assessment ${id}; see \`assessments ${ACCUSED}\`\n`,
    });
  });

  it.for([['assessments', ACCUSED], ['stats']])('%s of a table that is not there', async (args) => {
    const { end, stdout, stderr } = await call(...args, '--table', 'nowhere');

    expect({ end, stdout }).toEqual({ end: 1, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toMatch(/could not read the table: .*not found; are name and AWS_REGION right\?/);
  });

  it('push to a queue that is not there', async () => {
    const url = `${variables.WORK_QUEUE_URL}-nowhere`;

    const { end, stdout, stderr } = await call('push', SAMPLE_FILE, '--queue-url', url);

    expect({ end, stdout }).toEqual({ end: 1, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toMatch(/could not send to the queue: .*are name and AWS_REGION right\?/);
  });
});

describe('push', () => {
  it('sends a file but for what is invalid, which other producers may send', async () => {
    const rejects = join(createWorkFolder(), 'rejects.ndjson');

    const { end, stdout, stderr } = await call('push', SAMPLE_FILE, '--rejects', rejects);
    const invalid = jsonLines(readFileSync(rejects, 'utf8'));
    await service.push(invalid.map(({ text }) => text).join('\n'));
    await service.drained();

    expect(end).toBe(0);
    expect(stdout).toMatch(/^1,212 records sent in \d messages, [\d,]+ bytes, \d requests?\n8 invalid\n$/);
    expect(stderr.split('\n')).toEqual([
      ...invalid.map(({ line, reason }) => `line ${line}: ${reason}`),
      `8 invalid entries written to ${rejects}`,
      '',
    ]);
    expect(invalid.map(({ line }) => line)).toEqual([98, 195, 292, 389, 486, 586, 686, 1220]);
  });
});

describe.concurrent('what has arrived', () => {
  it('assessments shows verdict, votes, connections and id', async () => {
    const { end, stdout, stderr } = await call('assessments', ACCUSED);

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^ {2}0\.9\d\d {2}203\.0\.113\.201 {2}33 connections to 8443\/tcp$/);
    for (const [n, name] of SCORER_NAMES.entries()) {
      expect(lines[n + 1]).toMatch(
        new RegExp(`^ {8}${name} +[01]\\.\\d{3} confidence [01]\\.\\d{2} {2}\\S.*\\.$`),
      );
    }
    expect(stdout).toMatch(/^ {8}and 28 more connections \(--json lists them\)$/m);
    expect(stdout).toMatch(
      /^ {8}arrived \S+, engine \S+, settings consensus 0 v1 of \S+Z, id 203\.0\.113\.201\/[\w-]{22}\/8443\/tcp\/outbound\/[\w-]{8}\n$/m,
    );
  });

  it('assessments gives programs all of it', async () => {
    const [latest, ...others] = await linesOf('assessments', ACCUSED);

    const number = expect.any(Number);
    const text = expect.any(String);
    const vote = { score: number, confidence: number, reasoning: text, features: expect.any(Object) };
    expect(others).toEqual([]);
    expect(latest).toEqual({
      id: expect.stringMatching(/^203\.0\.113\.201\//),
      address: ACCUSED,
      ingested_at: number,
      mode: 'consensus',
      consensus_percent: 0,
      settings_source: 'operator',
      settings_version: 1,
      settings_changed_at: number,
      malicious_threshold: 0.7,
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
      votes: { statistical: vote, rule_based: vote, ml_based: vote },
      failures: {},
      quorum: 1,
      evidence: expect.arrayContaining([text]),
      input: expect.objectContaining({ threat_intel: expect.any(Object) }),
      connections: expect.arrayContaining([expect.objectContaining({ dst_ip: ACCUSED, dst_port: 8443 })]),
    });
    expect(latest?.connections).toHaveLength(33);
  });

  it('assessments knows an address by any spelling', async () => {
    const address = '2001:db8:0:42::1a';

    expect(await linesOf('assessments', '2001:0DB8:0:42::1A')).toMatchObject([{ address }]);
  });

  it('score comes to the same verdict without the service', async () => {
    const [[stored], { stdout }] = await Promise.all([
      linesOf('assessments', ACCUSED),
      callWith({})('score', SAMPLE_FILE),
    ]);
    const scored = jsonLines(stdout).find(({ address }) => address === ACCUSED);

    const { threat_score, votes, input, evidence } = stored ?? {};
    expect(scored).toMatchObject({ threat_score, votes, input, evidence });
  });

  it('a time range leaves out what came before', async () => {
    const [assessments, attention] = await Promise.all([
      call('assessments', ACCUSED, '--since', '0m'),
      call('attention', '--since', '0m'),
    ]);

    expect(assessments).toMatchObject({ end: 1, stdout: '' });
    expect(assessments.stderr).toMatch(
      new RegExp(`^error: nothing is stored about ${ACCUSED} since ${ISO_TIME.source};`),
    );
    expect(attention).toMatchObject({ end: 0, stdout: '' });
  });

  it('attention shows an address once, the most urgent first, as many as asked for, of the kinds asked for', async () => {
    const wanted = async (...args: readonly string[]) => {
      const { end, stdout } = await call('attention', '--knocks', '--json', ...args);
      expect(end).toBe(0);
      return jsonLines(stdout);
    };
    const [all, few, malicious, uncertain] = await Promise.all([
      wanted('--limit', '1000'),
      wanted('--limit', '3'),
      wanted('--malicious', '--limit', '1000'),
      wanted('--uncertain', '--limit', '1000'),
    ]);

    const addresses = (found: readonly Json[]) => found.map(({ address }) => address);
    const ranks = all.map(({ urgency }) => (URGENCIES as readonly unknown[]).indexOf(urgency));
    expect(ranks[0]).toBe(0);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    const calling = all.filter(({ urgency }) => urgency === 'calling');
    const scores = calling.map(({ threat_score }) => Number(threat_score));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(new Set(addresses(all)).size).toBe(all.length);
    expect(addresses(few)).toEqual(addresses(all).slice(0, 3));
    expect(malicious.every(({ threat_score }) => Number(threat_score) >= 0.7)).toBe(true);
    expect(addresses(uncertain)).toContain(UNCERTAIN);
    expect(new Set(addresses([...malicious, ...uncertain]))).toEqual(new Set(addresses(all)));
    expect(malicious.length).toBeLessThan(all.length);
  });

  it('attention shows people twenty unless told otherwise, on lines of up to 100 characters', async () => {
    const { end, stdout, stderr } = await call('attention', '--knocks');

    expect(end).toBe(0);
    expect(stderr).toMatch(/^not shown: \d+ less urgent address(?:es)? \(--limit\)\n$/);
    const lines = stdout.split('\n');
    expect(lines.filter((line) => ENTRY.test(line))).toHaveLength(20);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(lines[1]).toBe('Bad addresses that your own hosts call');
  });

  it('attention gives the votes behind a score, and the id that they are stored under', async () => {
    const [{ stdout }, [entry], [verdict]] = await Promise.all([
      call('attention', '--votes', '--host', CALLER, '--port', '8443'),
      linesOf('attention', '--votes', '--host', CALLER, '--port', '8443'),
      linesOf('assessments', ACCUSED),
    ]);

    expect(entry).toMatchObject({ address: ACCUSED, local_hosts: expect.arrayContaining([CALLER]) });
    expect([entry?.assessment, entry?.votes]).toEqual([verdict?.id, verdict?.votes]);
    for (const name of SCORER_NAMES) expect(stdout).toMatch(new RegExp(`^ {8}${name} +[01]\\.\\d{3} `, 'm'));
  });

  it.for<[string[], (entry: Json) => boolean]>([
    [['--direction', 'inbound'], ({ direction }) => direction === 'inbound'],
    [['--direction', 'outbound'], ({ direction }) => direction === 'outbound'],
    [['--port', '8443'], ({ services }) => (services as string[]).some((each) => each.startsWith('8443/'))],
    [['--host', CALLER], ({ local_hosts }) => (local_hosts as string[]).includes(CALLER)],
  ])('attention %j shows all of that, and nothing else', async ([args, isWanted]) => {
    const all = jsonLines((await call('attention', '--knocks', '--json', '--limit', '1000')).stdout);
    const some = jsonLines(
      (await call('attention', '--knocks', '--json', '--limit', '1000', ...args)).stdout,
    );

    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(all.length);
    expect(some.every(isWanted)).toBe(true);
    const addresses = new Set(some.map(({ address }) => address));
    expect(all.filter(isWanted).every(({ address }) => addresses.has(address))).toBe(true);
  });

  it('attention sorts as it is asked to', async () => {
    for (const [order, field] of [
      ['score', 'threat_score'],
      ['last-seen', 'last_seen'],
      ['connections', 'connections'],
    ] as const) {
      const found = jsonLines((await call('attention', '--sort', order, '--json', '--limit', '1000')).stdout);
      const values = found.map((entry) => Number(entry[field]));
      expect(values).toEqual(values.toSorted((a, b) => b - a));
    }
  });

  it('attention does not say that nothing needs attention where something else does', async () => {
    const { end, stdout, stderr } = await call('attention', '--failed');

    expect({ end, stdout }).toEqual({ end: 0, stdout: '' });
    expect(stderr).toMatch(/^no such address since /);
  });

  it('stats adds up', async () => {
    const [{ end, stdout, stderr }, [figures]] = await Promise.all([call('stats'), linesOf('stats')]);

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Since ${ISO_TIME.source}\n`));
    expect(stdout).toMatch(/^records +1,220\n {2}stored +1,200\n {2}duplicates +12\n {2}rejected +8\n/m);
    expect(stdout).toMatch(/^latency +median \d+ ms, p99 \d+ ms, longest \d+ ms$/m);
    expect(stdout).toMatch(/^labels +none$/m);
    expect(stdout.match(/^ {2}[01]\.\d-[01]\.\d +[\d,]+(?: [█▏▎▍▌▋▊▉]+)?$/gm)).toHaveLength(10);
    expect(stdout).not.toContain('\u001b');
    const number = expect.any(Number);
    const scorer = {
      votes: number,
      failures: 0,
      failure_rate: 0,
      average_score: number,
      average_confidence: number,
      accuracy: null,
    };
    expect(figures).toEqual({
      since: expect.stringMatching(ISO_TIME),
      messages: number,
      totals: expect.objectContaining({ records: 1_220, stored: 1_200, duplicates: 12, rejected: 8 }),
      failure_rate: 0,
      uncertainty_rate: number,
      average_score: number,
      average_consensus_score: number,
      score_histogram: Array.from({ length: 10 }, () => number),
      scorers: { statistical: scorer, rule_based: scorer, ml_based: scorer },
      consensus_accuracy: null,
      legacy_accuracy: null,
      comparison: expect.objectContaining({ compared: 0, agreement_rate: null }),
      labels: { malicious: 0, benign: 0, incidents: 0 },
      latency_ms: { p50: number, p99: number, max: number },
      received_to_stored_ms: { p50: number, p99: number, max: number },
      thresholds: {
        failure_rate: 0.05,
        uncertainty_rate: 0.3,
        average_consensus_score: { minimum: 0.01, maximum: 0.8 },
      },
      breaches: [],
    });
  });

  it.for([
    ['head -1', 'attention', '--knocks', '--limit', '1000', '--json'],
    ['true', 'assessments', CLEARED],
    ['true', 'stats'],
    ['true', 'labels', '--since', '1h'],
  ])('into a reader that leaves (%s): %s is no failure', async ([reader = '', ...args]) => {
    const { end, stderr } = await callInto(reader, variables, args);

    expect(end).toBe(0);
    expect(stderr).toMatch(args[0] === 'labels' ? /^nothing was labelled since .*\n$/ : /^$/);
  });
});

describe('a label', () => {
  it('is kept with the votes that it judges', async () => {
    const id = await idOf(ACCUSED);

    const { end, stdout, stderr } = await call('label', id, 'malicious', '--incident');

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    const judged = '[01]\\.\\d{3} (?:right|wrong)';
    const [first = '', second = '', third = '', ...rest] = stdout.split('\n');
    expect(first).toMatch(/^ {2}malicious {2}203\.0\.113\.201, an incident; consensus 0\.9\d\d right$/);
    expect(second).toMatch(
      new RegExp(`^ {8}statistical ${judged}, rule_based ${judged}, ml_based ${judged}$`),
    );
    expect(third).toMatch(new RegExp(`^ {8}labelled ${ISO_TIME.source}, id ${id}$`));
    expect(rest).toEqual(['']);
  });

  it('is the same for programs, whichever command prints it', async () => {
    const id = await idOf(CLEARED);

    const [label] = await linesOf('label', id, 'malicious');
    const labels = await linesOf('labels');

    const number = expect.any(Number);
    const vote = { score: number, confidence: number };
    expect(label).toEqual({
      assessment: id,
      address: CLEARED,
      ground_truth: 'malicious',
      whole_address: false,
      incident_detected: false,
      labelled_at: number,
      snapshot: {
        threat_score: number,
        consensus_score: number,
        engine_version: expect.any(String),
        votes: { statistical: vote, rule_based: vote, ml_based: vote },
        evidence: expect.any(Array),
        input: expect.stringMatching(/^\{.*\}$/),
      },
    });
    expect(labels).toEqual([label, expect.objectContaining({ address: ACCUSED, incident_detected: true })]);
  });

  it('is replaced by a later one', async () => {
    const id = await idOf(CLEARED);

    const [label] = await linesOf('label', id, 'benign');
    const [labels, few, text] = await Promise.all([
      linesOf('labels'),
      linesOf('labels', '--limit', '1'),
      call('labels'),
    ]);

    expect(labels).toEqual([label, expect.objectContaining({ address: ACCUSED })]);
    expect(few).toEqual([label]);
    expect(text.stdout).toMatch(/^ {2}benign {5}9\.9\.9\.9; consensus 0\.0\d\d right\n/);
  });

  it('survives the same messages coming again, and so do ids and counts', async () => {
    const read = async () => ({
      labels: await linesOf('labels'),
      id: await idOf(ACCUSED),
      totals: (await linesOf('stats')).map(({ totals, messages }) => ({ totals, messages })),
    });
    const before = await read();

    await call('push', SAMPLE_FILE);
    await service.drained();

    expect(await read()).toEqual(before);
    expect(before.labels).toHaveLength(2);
  });

  it('counts in the statistics', async () => {
    const [[figures], { stdout }] = await Promise.all([linesOf('stats'), call('stats')]);

    expect(figures).toMatchObject({
      consensus_accuracy: 1,
      labels: { malicious: 1, benign: 1, incidents: 1 },
    });
    expect(stdout).toMatch(
      /^labels +1 malicious, 1 benign, 1 incidents; the consensus was right in 100\.0 %$/m,
    );
  });

  it('is of its own time range', async () => {
    expect(await call('labels', '--since', '0m')).toMatchObject({ end: 0, stdout: '' });
  });
});

function settingsFile(text: string): string {
  const file = join(createWorkFolder(), 'settings.json');
  writeFileSync(file, text);
  return file;
}

describe.concurrent('replay', () => {
  it('by the settings in force and the same engine changes nothing of what was scored', async () => {
    const [[replayed = {}], [stats]] = await Promise.all([linesOf('replay'), linesOf('stats')]);

    const { totals, average_score } = stats as { totals: Json; average_score: number };
    expect(replayed).toMatchObject({
      replayed: totals.assessments,
      changed: 0,
      before: { malicious: totals.malicious, high_uncertainty: totals.high_uncertainty },
      after: { malicious: totals.malicious, high_uncertainty: totals.high_uncertainty },
      scored_by: { consensus: { before: totals.assessments, after: totals.assessments } },
      largest: [],
    });
    const { score_sum } = replayed.after as { score_sum: number };
    expect(score_sum / Number(totals.assessments)).toBeCloseTo(average_score, 4);
  });

  it('by other settings shows what they would have changed, and writes nothing', async () => {
    const file = settingsFile('{"mode": "legacy"}');
    const [before] = await linesOf('assessments', ACCUSED, '--limit', '1');

    const { end, stdout, stderr } = await call('replay', '--since', '24h', '--settings', file);
    const [after] = await linesOf('assessments', ACCUSED, '--limit', '1');

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(stdout).toMatch(/^Since .*: \d+ assessments, scored again by legacy\n/);
    expect(stdout).toMatch(/^scored by consensus +\d+ +0$/m);
    expect(stdout).toMatch(/^scored by legacy +0 +\d+$/m);
    expect(stdout).toMatch(/^0 newly malicious, \d+ no longer malicious$/m);
    expect(stdout).toMatch(
      /^Largest changes\n {2}0\.\d{3} \(consensus\) to 0\.\d{3} \(legacy\) {2}\S+ {2}\d+\/\w+$/m,
    );
    expect(after).toEqual(before);
  });

  it.for<[string, string]>([
    ['nonsense', 'not JSON: "nonsense"'],
    ['{"mode":"consensus","percent":5}', 'there is no key "percent"'],
    ['{"minScorers":4}', 'minScorers: expected a whole number from 1 to 3, got 4'],
  ])('refuses settings like %s', async ([text, message]) => {
    const file = settingsFile(text);

    const { end, stdout, stderr } = await call('replay', '--settings', file);

    expect({ end, stdout }).toEqual({ end: 2, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toContain(`${file}: settings: ${message}`);
  });

  it('of a time in which nothing came has nothing to say', async () => {
    expect(await call('replay', '--since', '0m')).toMatchObject({
      end: 0,
      stdout: expect.stringMatching(/^nothing has been scored since /),
    });
  });
});
