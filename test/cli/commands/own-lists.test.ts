import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyRefusal, startSimulatedProviders } from '../../../lib/local/emulators/simulated-providers.ts';
import { startSqsEmulator } from '../../../lib/local/emulators/sqs-emulator.ts';
import { UsageMeter } from '../../../lib/local/metering/usage.ts';
import { buildFeed } from '../../factories/feeds.ts';
import { callWith, jsonLines, ONE_LINE_ERROR } from '../../fixtures/cli/calls.ts';
import { type FeedServer, list, PAGE, startFeedServer } from '../../fixtures/feeds/feed-server.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';

const FOLDER = createWorkFolder();
const call = callWith({ XDG_CACHE_HOME: createWorkFolder() });
let publisher: FeedServer;

const NOW = Math.floor(Date.now() / 1_000);
const LOG = file(
  'log.ndjson',
  [
    ['93.184.216.34', 443],
    ['45.155.205.9', 4444],
    ['185.220.101.7', 9001],
    ['8.8.8.8', 53],
    ['10.0.0.9', 445],
    ['198.51.100.20', 443],
    ['2a0b:1:2::7', 443],
  ]
    .map(([dst_ip, dst_port]) =>
      JSON.stringify({ timestamp: NOW, src_ip: '10.0.0.5', dst_ip, dst_port, protocol: 'tcp' }),
    )
    .join('\n'),
);

function file(name: string, content: string): string {
  const path = join(FOLDER, name);
  writeFileSync(path, `${content}\n`);
  return path;
}

/** Threat scores by address, as printed by `score`. */
async function scores(...args: readonly string[]) {
  const { stdout, stderr } = await call('score', LOG, ...args);
  const verdicts = jsonLines(stdout).map(({ address, threat_score }) => [address, threat_score]);
  return { scores: Object.fromEntries(verdicts) as Record<string, number>, stderr };
}

beforeAll(async () => {
  publisher = await startFeedServer();
});
afterAll(() => publisher.close());

describe('lists on one machine', () => {
  it('count against the addresses that they name, and change no other score', async () => {
    const bad = file('bad.txt', '45.155.205.0/24\n2a0b:1:2::/48\n');
    const before = await scores();
    const { scores: after, stderr } = await scores('--blocklist', bad);

    const changed = Object.keys(after).filter((address) => after[address] !== before.scores[address]);
    expect(changed.sort()).toEqual(['2a0b:1:2::7', '45.155.205.9']);
    for (const address of changed) expect(after[address]).toBeGreaterThanOrEqual(0.7);
    expect(stderr).toBe('evidence on 7 addresses: bad.txt 2\n');
  });

  it('are not believed about home, resolvers, private addresses or everything', async () => {
    const poisoned = file(
      'poisoned.txt',
      '198.51.100.0/24\n8.8.8.8\n10.0.0.0/8\n0.0.0.0/0\n::/0\n0.0.0.0/7\n203.0.113.1\n',
    );
    const home = ['--home', '198.51.100.0/24'];

    expect((await scores('--blocklist', poisoned, ...home)).scores).toEqual((await scores(...home)).scores);
  });

  it('come from feeds, fetched now or kept from before', async () => {
    publisher.plays('/attackers', list('45.155.205.9\n'));
    publisher.plays('/exits', list('185.220.101.7\n'));
    publisher.plays('/broken', list(PAGE));
    const feed = (name: string, changes: object = {}) =>
      buildFeed({ name, url: `${publisher.url}/${name}`, ...changes });
    const own = [
      feed('attackers', { kind: 'malicious', weight: 100 }),
      feed('exits', { kind: 'infrastructure', weight: 1 }),
      feed('broken'),
    ];
    const choice = file('feeds.json', JSON.stringify({ catalogue: false, own }));

    const first = await scores('--feeds', choice);
    const asked = publisher.requests.length;
    const second = await scores('--feeds', choice);

    expect(first.stderr.replace(/fetched .* ago/, 'fetched a moment ago')).toBe(
      '2 lists in use with 2 entries, the oldest fetched a moment ago\n' +
        '1 list could not be fetched: broken: a web page, not a list\n' +
        'evidence on 7 addresses: attackers 1, exits 1\n',
    );
    expect(first.scores['45.155.205.9']).toBeGreaterThanOrEqual(0.7);
    // A Tor exit is named, but has no weight.
    expect(first.scores['185.220.101.7']).toBe((await scores()).scores['185.220.101.7']);
    expect(second.scores).toEqual(first.scores);
    expect(publisher.requests.length).toBe(asked);
  });

  it('come from a bucket, with the credentials of who asks', async () => {
    const emulator = await startSqsEmulator({ meter: new UsageMeter(128) });
    const own = [
      buildFeed({ name: 'ours', url: 's3://site-lists/ours.txt', plainHttp: undefined, weight: 100 }),
    ];
    const choice = file('bucket.json', JSON.stringify({ catalogue: false, own }));
    const aws = { AWS_ENDPOINT_URL_S3: emulator.endpoint, AWS_REGION: 'us-east-1' };
    const signed = { ...aws, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const s3 = new S3Client({
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      endpoint: emulator.endpoint,
    });
    try {
      await s3.send(new CreateBucketCommand({ Bucket: 'site-lists' }));
      await s3.send(new PutObjectCommand({ Bucket: 'site-lists', Key: 'ours.txt', Body: '45.155.205.9\n' }));
      const args = ['score', LOG, '--feeds', choice];
      const anonymous = await callWith({ ...aws, XDG_CACHE_HOME: createWorkFolder() })(...args);
      const known = await callWith({ ...signed, XDG_CACHE_HOME: createWorkFolder() })(...args);

      expect({ end: anonymous.end, stderr: anonymous.stderr }).toEqual({
        end: 0,
        stderr:
          'no lists are in use: none could be fetched, and none had been fetched before\n' +
          '1 list could not be fetched: ours: could not read the object: there are no AWS credentials\n',
      });
      expect({
        end: known.end,
        stderr: known.stderr.replace(/fetched .* ago/, 'fetched a moment ago'),
      }).toEqual({
        end: 0,
        stderr:
          '1 list in use with 1 entry, the oldest fetched a moment ago\n' +
          'evidence on 7 addresses: ours 1\n',
      });
    } finally {
      s3.destroy();
      await emulator.close();
    }
  });

  it('are what the embedded service goes by, too', async () => {
    const bad = file('bad.txt', '45.155.205.0/24\n2a0b:1:2::/48\n');
    const { end, stdout } = await call('run', LOG, '--json', '--blocklist', bad);

    expect(end).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ stored: 7, malicious: 2, evidence: { 'bad.txt': 2 } });
  });

  it.each([
    ['no file', ['--blocklist', '/nowhere/bad.txt']],
    ['no list', ['--blocklist', file('page.html', PAGE)]],
    ['no address', ['--blocklist', file('none.txt', '10.0.0.1')]],
    ['no choice of feeds', ['--feeds', LOG]],
  ])('are refused in one line where there is %s', async (_, args) => {
    const { end, stderr } = await call('score', LOG, ...args);

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
  });
});

describe('score with a key of VirusTotal', () => {
  it('looks up the busiest of what nothing is known of, as far as calls are left, and shows the key nowhere', async () => {
    const asked: string[] = [];
    const providers = await startSimulatedProviders({
      latencyMs: 0,
      intercept: ({ address, key }) => {
        asked.push(`${address} ${key}`);
        return undefined;
      },
    });
    try {
      const { VIRUSTOTAL_URL, args } = { VIRUSTOTAL_URL: providers.baseUrl, args: ['--lookups', '2'] };
      const bad = file('bad.txt', '45.155.205.0/24\n');
      const key = file('key', 'a-secret-key');
      const { end, stdout, stderr } = await callWith({ VIRUSTOTAL_URL })(
        ...['score', LOG, '--blocklist', bad, '--virustotal-key-file', key, ...args],
      );

      expect(end).toBe(0);
      expect(asked).toEqual(['93.184.216.34 a-secret-key', '185.220.101.7 a-secret-key']);
      expect(stderr).toMatch(/^evidence on 7 addresses: .*bad\.txt 1/);
      expect(stdout + stderr).not.toContain('a-secret-key');
    } finally {
      await providers.close();
    }
  });

  it('ends in one line where the key is refused', async () => {
    const providers = await startSimulatedProviders({
      latencyMs: 0,
      intercept: () => keyRefusal('virustotal'),
    });
    try {
      const refused = callWith({ VIRUSTOTAL_URL: providers.baseUrl });
      const { end, stderr } = await refused('score', LOG, '--virustotal-key-file', file('key', 'wrong'));

      expect({ end, stderr }).toEqual({ end: 1, stderr: 'error: VirusTotal rejects the key\n' });
    } finally {
      await providers.close();
    }
  });
});
