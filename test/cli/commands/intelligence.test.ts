import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  keyRefusal,
  type ProviderCall,
  type ProviderReply,
  type SimulatedProviders,
  startSimulatedProviders,
} from '../../../lib/local/emulators/simulated-providers.ts';
import { LOOK_UP_METRICS } from '../../../lib/telemetry/metric-names.ts';
import { buildFeed } from '../../factories/feeds.ts';
import {
  type Call,
  callWith,
  type Json,
  jsonLines,
  ONE_LINE_ERROR,
  startCall,
  type Variables,
  variablesOf,
} from '../../fixtures/cli/calls.ts';
import { list, PAGE, startFeedServer } from '../../fixtures/feeds/feed-server.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';
import { ACCUSED, connection, type Fields, ndjson } from '../../fixtures/service/connections.ts';
import { metricsOf } from '../../fixtures/service/function-log.ts';
import type { Outcome } from '../../fixtures/service/outcome.ts';
import {
  EVENTUALLY,
  impatientScoring,
  type ScoringService,
  startScoringService,
} from '../../fixtures/service/scoring-service.ts';
import { scanItems, storedContents, withoutDelivery } from '../../fixtures/service/table-contents.ts';

const KEY = 'a-key-that-must-not-show-0123456789';
const FOLDER = createWorkFolder();

let service: ScoringService;
let providers: SimulatedProviders;
let variables: Variables;
let call: Call;
const calls: ProviderCall[] = [];
let reply: (call: ProviderCall) => ProviderReply | 'hang' | undefined = () => undefined;

beforeAll(async () => {
  providers = await startSimulatedProviders({
    latencyMs: 60,
    intercept: (asked) => {
      calls.push(asked);
      return reply(asked);
    },
  });
  service = await startScoringService({
    definition: impatientScoring({ function: { timeoutSeconds: 15 } }),
    functionEnvironment: {
      VIRUSTOTAL_URL: providers.baseUrl,
      ABUSEIPDB_URL: providers.baseUrl,
      VIRUSTOTAL_CALLS_PER_MINUTE: '1000',
      ABUSEIPDB_CALLS_PER_MINUTE: '1000',
    },
  });
  variables = { ...variablesOf(service.stack), NO_COLOR: '1' };
  call = callWith(variables);
});

afterAll(async () => {
  await service?.stop();
  await providers?.close();
});

async function setKey(provider: string, key: string, ...options: readonly string[]): Promise<Outcome> {
  return await callWith(variables, key)('keys', 'set', provider, '--env', 'dev', ...options);
}

function file(name: string, ...lines: readonly string[]): string {
  const path = join(FOLDER, name);
  writeFileSync(path, lines.join('\n'));
  return path;
}

async function score(...records: readonly Fields[]): Promise<void> {
  const before = metricsOf(service.logLines).length;
  await service.pushTogether(ndjson(records));
  await service.drained();
  await vi.waitFor(() => expect(metricsOf(service.logLines).length).toBeGreaterThan(before), EVENTUALLY);
}

async function assessmentOf(address: string): Promise<Json> {
  const { stdout } = await call('assessments', address, '--json', '--limit', '1');
  return jsonLines(stdout)[0] ?? {};
}

/** All known to the simulated providers. */
const [FIRST, SECOND, THIRD, LISTED] = ['203.0.113.1', '203.0.113.4', '203.0.113.14', '203.0.113.15'];

describe('keys set', () => {
  it('stores a key, encrypted, and shows nothing of it', async () => {
    const outcome = await setKey('virustotal', `${KEY}\n`);
    const json = await setKey('virustotal', KEY, '--json');
    await setKey('abuseipdb', KEY);

    expect(outcome).toMatchObject({ end: 0, stderr: '' });
    expect(outcome.stdout).toMatch(/^stored as version 1 of \/threat-consensus\/dev\/keys\/virustotal; /);
    expect(jsonLines(json.stdout)).toEqual([
      { parameter: '/threat-consensus/dev/keys/virustotal', version: 2 },
    ]);
    expect(outcome.stdout + json.stdout).not.toContain(KEY);
    const get = new GetParameterCommand({
      Name: '/threat-consensus/dev/keys/virustotal',
      WithDecryption: true,
    });
    const { Parameter } = await service.stack.clients.ssm.send(get);
    expect(Parameter).toMatchObject({ Type: 'SecureString', Value: KEY });
  });

  it.concurrent.each<[string, string, string, number]>([
    ['virustotal', '', 'that is not a key', 1],
    ['virustotal', 'two words', 'that is not a key', 1],
    ['virustotal', `${KEY}\n${KEY}`, 'that is not a key', 1],
    ['virustotal', 'x'.repeat(600), 'that is not a key', 1],
    ['shodan', KEY, '"shodan" is not a provider: expected virustotal or abuseipdb', 2],
  ])('of %s refuses what is wrong, without quoting a key', async (provider, key, message, end) => {
    const outcome = await setKey(provider, key);

    expect(outcome).toMatchObject({ end, stdout: '' });
    expect(outcome.stderr).toMatch(ONE_LINE_ERROR);
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr).not.toContain(KEY);
  });

  it('reports in one line that the parameter cannot be stored', async () => {
    const command = startCall({ ...variables, AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:1' }, [
      'keys',
      'set',
      'virustotal',
      '--env',
      'dev',
    ]);
    command.process.stdin.end(KEY);
    const { end, stderr } = await command.ended;

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).not.toContain(KEY);
  });
});

describe('keys test', () => {
  const elsewhere = () => ({
    ...variables,
    VIRUSTOTAL_URL: providers.baseUrl,
    ABUSEIPDB_URL: providers.baseUrl,
  });
  const page = {
    status: 403,
    headers: { 'content-type': 'text/html' },
    body: '<html>Just a moment...</html>',
  };

  it.each<[string, ProviderReply | undefined, number, string]>([
    ['works', undefined, 0, 'virustotal accepts the key; this used one call of its quota\n'],
    [
      'has no call left',
      { status: 429, body: '' },
      0,
      'virustotal accepts the key, but its quota is used up',
    ],
    ['is refused', keyRefusal('virustotal'), 1, 'error: virustotal rejects the key\n'],
    [
      'meets a page',
      page,
      1,
      'error: virustotal did not answer (status 403 and a web page), so it is not known whether the key works',
    ],
  ])('says that the stored key %s, with one call', async (_, answer, end, message) => {
    await setKey('virustotal', KEY);
    reply = () => answer;
    const before = calls.length;
    const outcome = await callWith(elsewhere())('keys', 'test', 'virustotal', '--env', 'dev');
    reply = () => undefined;

    expect(outcome.end).toBe(end);
    expect(outcome.stdout + outcome.stderr).toContain(message);
    expect(outcome.stdout + outcome.stderr).not.toContain(KEY);
    expect(calls.slice(before)).toMatchObject([{ provider: 'virustotal', key: KEY }]);
  });

  it('tries a key before it is stored, and does not store a refused one', async () => {
    const name = '/threat-consensus/dev/keys/abuseipdb';
    const given = callWith(elsewhere(), 'another-key');
    const tried = await given('keys', 'test', 'abuseipdb', '--json');
    const stored = await given('keys', 'set', 'abuseipdb', '--env', 'dev', '--test', '--json');
    reply = ({ provider }) => keyRefusal(provider);
    const refused = await callWith(elsewhere(), 'a-third-key')(
      'keys',
      'set',
      'abuseipdb',
      '--env',
      'dev',
      '--test',
    );
    reply = () => undefined;

    expect(jsonLines(tried.stdout)).toEqual([{ provider: 'abuseipdb', outcome: 'works' }]);
    expect(jsonLines(stored.stdout)).toMatchObject([{ parameter: name, test: 'works' }]);
    expect(refused.stderr).toBe('error: abuseipdb rejects the key; it is not stored\n');
    const { Parameter } = await service.stack.clients.ssm.send(
      new GetParameterCommand({ Name: name, WithDecryption: true }),
    );
    expect(Parameter?.Value).toBe('another-key');
    await setKey('abuseipdb', KEY);
    calls.length = 0;
  });

  it('says where no key is stored', async () => {
    const { end, stderr } = await callWith(elsewhere())('keys', 'test', 'virustotal', '--env', 'prod');

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toContain('could not read /threat-consensus/prod/keys/virustotal: there is none');
  });
});

describe('intel import', () => {
  it('loads a list, and leaves out and names what it cannot take', async () => {
    const path = file(
      'list.txt',
      '# made up',
      LISTED,
      '198.51.100.0/30',
      '10.0.0.0/8',
      '192.0.2.77',
      'nonsense',
      '',
    );
    const args = ['intel', 'import', path, '--name', 'Made up', '--weight', '300', '--family', 'fiction'];
    const { end, stdout, stderr } = await call(...args, '--home', '192.0.2.64/26');

    expect(end).toBe(0);
    expect(stdout).toMatch(
      /^Made up: 5 addresses in 2 ranges; malicious, weight 300, family fiction, half-life 10 days; in use until 20/,
    );
    expect(stderr).toBe(
      'left out 3: 1 private, 1 in the home networks, 1 unreadable\n' +
        '  line 4: 10.0.0.0-10.255.255.255 is private\n' +
        '  line 5: 192.0.2.77 is in the home networks\n' +
        '  line 6: "nonsense" is not an IP address, range or CIDR block\n',
    );
  });

  it('names ten of what it leaves out, all of it with --json', async () => {
    const path = file('private.txt', LISTED, ...Array.from({ length: 12 }, (_, n) => `10.0.0.${n}`));
    const shown = await call('intel', 'import', path, '--name', 'private');
    const json = await call('intel', 'import', path, '--name', 'private', '--json');

    expect(shown.stderr.split('\n')).toHaveLength(13);
    expect(shown.stderr).toContain('and 2 more; --json lists all of them');
    expect(jsonLines(json.stdout)).toMatchObject([
      {
        addresses: 1,
        left_out: { private: 12 },
        left_out_entries: Array.from({ length: 12 }, (_, n) => ({ line: n + 2, kind: 'private' })),
      },
    ]);
    await call('intel', 'remove', 'private', '--yes');
  });

  it('takes a list that became empty where it is asked to', async () => {
    const empty = file('became-empty.txt', '# nothing');
    await call('intel', 'import', file('full.txt', LISTED), '--name', 'emptied');
    const refused = await call('intel', 'import', empty, '--name', 'emptied');
    const { stdout } = await call('intel', 'list', '--json');
    const taken = await call('intel', 'import', empty, '--name', 'emptied', '--allow-empty', '--json');

    expect(refused).toMatchObject({ end: 1, stdout: '' });
    expect(refused.stderr).toMatch(ONE_LINE_ERROR);
    expect(refused.stderr).toContain('--allow-empty');
    expect(jsonLines(stdout)).toContainEqual(expect.objectContaining({ source: 'emptied', addresses: 1 }));
    expect(jsonLines(taken.stdout)).toMatchObject([{ source: 'emptied', addresses: 0, replaced: 1 }]);
    await call('intel', 'remove', 'emptied', '--yes');
  });

  it("replaces what the source had, and nobody else's", async () => {
    await call('intel', 'import', file('other.txt', '23.8.4.4'), '--name', 'other');
    const again = await call(
      'intel',
      'import',
      file('other.txt', '23.8.4.4', '23.0.0.1'),
      '--name',
      'other',
      '--json',
    );
    const { stdout } = await call('intel', 'list', '--json');

    expect(jsonLines(again.stdout)).toMatchObject([
      { source: 'other', addresses: 2, ranges: 2, replaced: 1, left_out: {}, left_out_entries: [] },
    ]);
    expect(jsonLines(stdout)).toMatchObject([
      { source: 'Made up', kind: 'malicious', family: 'fiction', weight: 300, addresses: 5, ranges: 2 },
      { source: 'other', family: 'other', weight: 50, half_life_days: 10, addresses: 2 },
    ]);
    const items = await scanItems(service.table);
    expect(items.filter(({ pk }) => pk.startsWith('list#other#'))).toHaveLength(1);
  });

  it.concurrent.each<[string[], number, string]>([
    [['intel', 'import', 'missing.txt', '--name', 'x'], 1, 'there is no such file'],
    [['intel', 'import', file('empty.txt', '# nothing'), '--name', 'x'], 1, 'holds no usable addresses'],
    [['intel', 'import', file('page.txt', '<!DOCTYPE html>'), '--name', 'x'], 1, 'a web page, not a list'],
    [['intel', 'import', 'list.txt', '--name', 'x', '--weight', '0.5'], 2, 'a number from 1 to 1000'],
    [['intel', 'import', 'list.txt', '--name', 'x', '--weight', '1'], 2, 'a malicious list is more than 1'],
    [
      ['intel', 'import', 'list.txt', '--name', 'x', '--kind', 'known-good', '--weight', '9'],
      2,
      'a known-good list has no weight',
    ],
    [['intel', 'import', 'list.txt'], 2, '--name'],
    [['intel', 'import', 'list.txt', '--name', 'a;b'], 2, 'expected up to 40 letters'],
    [['intel', 'import', 'list.txt', '--name', 'x', '--expires', '0'], 2, 'a whole number from 1 to 3650'],
  ])('%j is told what is wrong', async (args, end, message) => {
    const outcome = await call(...args);

    expect(outcome).toMatchObject({ end, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: [^\n]+\n$/);
    expect(outcome.stderr).toContain(message);
  });
});

describe('intel remove', () => {
  it('removes what a source has, and nothing else', async () => {
    await call('intel', 'import', file('third.txt', '23.8.4.5'), '--name', 'third');
    const unasked = await call('intel', 'remove', 'third');
    const { end, stdout } = await call('intel', 'remove', 'third', '--yes');
    const again = await call('intel', 'remove', 'third', '--yes');

    expect(unasked).toMatchObject({ end: 2, stdout: '' });
    expect(unasked.stderr).toContain('use --yes');
    expect({ end, stdout }).toEqual({
      end: 0,
      stdout: 'third is removed; the function stops using it within a minute\n',
    });
    expect(again.stderr).toBe('error: there is no list third: see `intel list`\n');
    expect(again.end).toBe(1);
    const sets = jsonLines((await call('intel', 'list', '--json')).stdout);
    expect(sets.map(({ source }) => source)).toEqual(['Made up', 'other']);
    const items = await scanItems(service.table);
    expect(items.filter(({ pk }) => pk.startsWith('list#third#'))).toEqual([]);
  });
});

describe('the function, with keys and lists', () => {
  it('looks up whom a record says nothing of, and scores what it found', async () => {
    await score(connection({ dst_ip: FIRST }));

    const { lookups, evidence, input } = await assessmentOf(FIRST);
    expect(lookups).toMatchObject({
      virustotal: { outcome: 'found', intel: { total_vendors: 94 }, from: providers.baseUrl },
      abuseipdb: { outcome: 'found', intel: { confidence_score: expect.any(Number) } },
    });
    expect(evidence).toEqual(['virustotal', 'abuseipdb']);
    expect(input).not.toHaveProperty('threat_intel');
    expect(calls.filter(({ address }) => address === FIRST)).toHaveLength(2);
    expect(calls.every(({ key }) => key === KEY)).toBe(true);
  });

  it('scores by the lists that name an address', async () => {
    await score(connection({ dst_ip: LISTED }));

    const { lookups, evidence, votes } = await assessmentOf(LISTED);
    expect(lookups).toMatchObject({
      listings: {
        outcome: 'found',
        intel: [{ source: 'Made up', kind: 'malicious', family: 'fiction', weight: 300 }],
      },
    });
    expect(evidence).toContain('listings');
    expect(votes).toMatchObject({
      rule_based: { reasoning: expect.stringContaining('a listing on Made up') },
    });
    expect((await call('assessments', LISTED)).stdout).toContain('; listed by Made up (malicious)');
  });

  it('asks nobody twice, and writes the very same items when a packed message comes again', async () => {
    const records = Array.from({ length: 64 }, (_, n) =>
      connection({ dst_ip: n % 2 === 0 ? FIRST : SECOND, dst_port: 22, src_port: 1_024 + n }),
    );
    await score(...records);
    const before = withoutDelivery(await scanItems(service.table));
    const asked = calls.length;
    await score(...records);

    expect(calls).toHaveLength(asked);
    expect(withoutDelivery(await scanItems(service.table))).toEqual(before);
  });

  it('asks nobody about what a record brings along, nor about the site itself', async () => {
    const asked = calls.length;
    const records = [
      connection({ dst_ip: '203.0.113.90', threat_intel: ACCUSED }),
      connection({ dst_ip: '10.99.0.1' }),
      connection({ dst_ip: '192.168.99.1', local_resp: true }),
    ];
    await score(...records);

    expect(calls).toHaveLength(asked);
    expect(await assessmentOf('203.0.113.90')).not.toHaveProperty('lookups');
    expect(await assessmentOf('10.99.0.1')).not.toHaveProperty('lookups');
  });

  it('stores every record where the providers are down, and says so in the verdict', async () => {
    reply = () => ({ status: 503, body: '' });
    await score(connection({ dst_ip: THIRD }));
    reply = () => undefined;

    expect((await assessmentOf(THIRD)).lookups).toEqual({
      virustotal: { outcome: 'failed' },
      abuseipdb: { outcome: 'failed' },
    });
    const { stdout } = await call('assessments', THIRD);
    expect(stdout).toContain('looked up: virustotal failed to answer; abuseipdb failed to answer');
  });

  it('tells its metrics and its statistics, and its keys nobody', async () => {
    const metrics = metricsOf(service.logLines);
    const sum = (name: string) => metrics.reduce((total, entry) => total + Number(entry[name] ?? 0), 0);

    expect(sum(LOOK_UP_METRICS.virustotal.calls)).toBe(calls.length / 2);
    expect(sum(LOOK_UP_METRICS.virustotal.failures)).toBe(1);
    expect(sum(LOOK_UP_METRICS.virustotal.cacheHits)).toBeGreaterThan(0);
    expect(sum(LOOK_UP_METRICS.virustotal.badKey)).toBe(0);
    expect(sum(LOOK_UP_METRICS.listed)).toBe(1);
    const { stdout } = await call('stats', '--json');
    const [{ totals } = {}] = jsonLines(stdout) as { totals?: Json }[];
    expect(totals?.lookups).toMatchObject({ virustotal: { failed: 1 }, listings: { found: 1 } });
    expect((await call('stats')).stdout).toContain('Addresses looked up');
    expect(service.logLines.join('\n')).not.toContain(KEY);
    expect(JSON.stringify(await scanItems(service.table))).not.toContain(KEY);
  });

  it('leaves every record as it came', async () => {
    const stored = await storedContents(service.table);

    expect(stored.filter((text) => text.includes('threat_intel'))).toHaveLength(1);
  });
});

it('npm start with simulated providers says plainly that they are', async () => {
  const path = file('records.ndjson', JSON.stringify(connection({ dst_ip: FIRST })));
  const isolated = callWith({ NO_COLOR: '1' });
  const { end, stdout } = await isolated('run', path, '--simulate-providers');
  const json = await isolated('run', path, '--simulate-providers', '--json');

  expect(end).toBe(0);
  expect(stdout).toContain('The providers are simulated: their answers are made up.');
  expect(stdout).toMatch(/virustotal +1 found/);
  expect(jsonLines(json.stdout)).toMatchObject([
    { stored: 1, lookups: { virustotal: { found: 1 }, abuseipdb: { found: 1 } }, providers_simulated: true },
  ]);
});

describe('intel refresh', () => {
  it('fetches lists from here, and says what became of each, as the list of lists does', async () => {
    const publisher = await startFeedServer();
    try {
      publisher.plays('/good', list('203.0.113.77\n10.0.0.1\n'));
      publisher.plays('/broken', list(PAGE));
      const own = ['good', 'broken'].map((name) => buildFeed({ name, url: `${publisher.url}/${name}` }));
      const path = join(FOLDER, 'feeds.json');
      writeFileSync(path, JSON.stringify({ catalogue: false, own }));

      const refreshed = await call('intel', 'refresh', '--catalogue', path);
      publisher.plays('/good', list(PAGE, { etag: '"2"' }));
      const again = await call('intel', 'refresh', 'good', '--catalogue', path);
      const shown = await call('intel', 'list');
      const unknown = await call('intel', 'refresh', 'better', '--catalogue', path);

      expect(refreshed.end).toBe(0);
      expect(refreshed.stdout).toMatch(
        /^good: refreshed, 2 entries\n1 list in use with 1 entry, the oldest fetched .* ago\n1 list could not be fetched: broken: a web page, not a list\n$/,
      );
      expect(again.stdout).toContain('1 list could not be fetched: good: a web page, not a list');
      expect(shown.stdout).toMatch(
        /good: 1 address; suspicious, weight 10, family attackers, half-life 7 days; in use until .*\n {2}left out 1 private\n {2}fetched .* ago, 2 entries; the last attempt, .* ago, failed: a web page, not a list\n/,
      );
      expect(shown.stdout).toMatch(
        /broken: no list is in use\n {2}never fetched; the last attempt, .* ago, failed: a web page/,
      );
      expect(unknown.stderr).toMatch(ONE_LINE_ERROR);
      await call('intel', 'remove', 'good', '--yes');
    } finally {
      await publisher.close();
    }
  });
});
