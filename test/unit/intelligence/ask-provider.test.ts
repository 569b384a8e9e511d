import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { abuseIpdb } from '../../../lib/intelligence/providers/abuseipdb.ts';
import { type AskOutcome, askProvider } from '../../../lib/intelligence/providers/ask-provider.ts';
import type { Provider } from '../../../lib/intelligence/providers/provider.ts';
import { virusTotal } from '../../../lib/intelligence/providers/virustotal.ts';
import {
  json,
  type ProviderServer,
  startProviderServer,
} from '../../fixtures/intelligence/provider-server.ts';
import {
  ABUSEIPDB_CHECK,
  ABUSEIPDB_ERROR,
  VIRUSTOTAL_ADDRESS,
  VIRUSTOTAL_ERROR,
} from '../../fixtures/intelligence/recorded-bodies.ts';

const KEY = 'secret-key-0123456789';

let server: ProviderServer;

beforeAll(async () => {
  server = await startProviderServer();
});

afterAll(() => server.close());

function ask(provider: Provider, address = '8.8.8.8', timeoutMs = 5_000): Promise<AskOutcome> {
  const signal = AbortSignal.timeout(timeoutMs);
  return askProvider({ provider, baseUrl: server.baseUrl, address, key: KEY, signal });
}

function virusTotalWith(attributes: unknown, id = '8.8.8.8') {
  return { data: { ...VIRUSTOTAL_ADDRESS.data, id, attributes } };
}

function checkWith(changes: object) {
  return { data: { ...ABUSEIPDB_CHECK.data, ...changes } };
}

describe('askProvider: questions', () => {
  it.each<[Provider, string, unknown, string, string]>([
    [virusTotal, 'x-apikey', VIRUSTOTAL_ADDRESS, '8.8.8.8', '/api/v3/ip_addresses/8.8.8.8'],
    [
      virusTotal,
      'x-apikey',
      VIRUSTOTAL_ADDRESS,
      '2606:4700::1111',
      '/api/v3/ip_addresses/2606%3A4700%3A%3A1111',
    ],
    [abuseIpdb, 'key', ABUSEIPDB_CHECK, '8.8.8.8', '/api/v2/check?ipAddress=8.8.8.8&maxAgeInDays=90'],
    [
      abuseIpdb,
      'key',
      ABUSEIPDB_CHECK,
      '2606:4700::1111',
      '/api/v2/check?ipAddress=2606%3A4700%3A%3A1111&maxAgeInDays=90',
    ],
  ])('%o', async (provider, header, body, address, url) => {
    server.respond = json(body);

    const outcome = await ask(provider, address);

    const request = server.requests.at(-1);
    expect(outcome.status).toBe('answered');
    expect({ method: request?.method, url: request?.url }).toEqual({ method: 'GET', url });
    expect(request?.headers).toMatchObject({ [header]: KEY, accept: 'application/json' });
  });

  it('goes over one connection, question after question', async () => {
    server.respond = json(ABUSEIPDB_CHECK);
    await ask(abuseIpdb);
    const before = server.connections.length;

    await ask(abuseIpdb);
    await ask(abuseIpdb);

    expect(server.connections.length).toBe(before);
  });
});

describe('askProvider: answers', () => {
  it.each<[string, Provider, unknown, object]>([
    [
      'vendors, those that timed out left out',
      virusTotal,
      VIRUSTOTAL_ADDRESS,
      { kind: 'known', intel: { malicious_vendors: 5, suspicious_vendors: 2, total_vendors: 94 } },
    ],
    [
      'vendors of whom some figures are missing or null',
      virusTotal,
      virusTotalWith({ last_analysis_stats: { malicious: null, harmless: 7 } }),
      { kind: 'known', intel: { malicious_vendors: 0, suspicious_vendors: 0, total_vendors: 7 } },
    ],
    [
      'vendors as text',
      virusTotal,
      virusTotalWith({ last_analysis_stats: { malicious: '5', harmless: ' 7 ' } }),
      { kind: 'known', intel: { malicious_vendors: 5, suspicious_vendors: 0, total_vendors: 12 } },
    ],
    [
      'numbers of reports as text',
      abuseIpdb,
      { data: { abuseConfidenceScore: '87.5', totalReports: '31', numDistinctUsers: '12' } },
      { kind: 'known', intel: { confidence_score: 87.5, total_reports: 31, num_distinct_users: 12 } },
    ],
    ['no analysis yet', virusTotal, virusTotalWith({}), { kind: 'unknown' }],
    [
      'an analysis that is null',
      virusTotal,
      virusTotalWith({ last_analysis_stats: null }),
      { kind: 'unknown' },
    ],
    ['an analysis by nobody', virusTotal, virusTotalWith({ last_analysis_stats: {} }), { kind: 'unknown' }],
    [
      'reports',
      abuseIpdb,
      ABUSEIPDB_CHECK,
      {
        kind: 'known',
        intel: {
          confidence_score: 87,
          total_reports: 31,
          num_distinct_users: 12,
          last_reported_at: Date.parse('2025-10-09T08:53:20Z') / 1000,
          is_whitelisted: false,
          usage_type: 'Data Center/Web Hosting/Transit',
          is_tor: false,
          country_code: 'CN',
        },
      },
    ],
    [
      'nobody reported it: nulls',
      abuseIpdb,
      checkWith({
        abuseConfidenceScore: 0,
        totalReports: 0,
        numDistinctUsers: 0,
        isWhitelisted: null,
        usageType: null,
        countryCode: null,
        lastReportedAt: null,
      }),
      {
        kind: 'known',
        intel: { confidence_score: 0, total_reports: 0, num_distinct_users: 0, is_tor: false },
      },
    ],
    [
      'only what must be there',
      abuseIpdb,
      { data: { abuseConfidenceScore: 3 } },
      { kind: 'known', intel: { confidence_score: 3, total_reports: 0 } },
    ],
    ['no confidence at all', abuseIpdb, checkWith({ abuseConfidenceScore: null }), { kind: 'unknown' }],
  ])('%s', async (_, provider, body, answer) => {
    server.respond = json(body);

    expect(await ask(provider)).toMatchObject({ status: 'answered', answer });
  });
});

const UNKNOWN = { status: 'answered', answer: { kind: 'unknown' } };
const REFUSED = { status: 'answered', answer: { kind: 'refused' } };

describe("askProvider: the providers' own errors", () => {
  it.each<[Provider, number, unknown, object]>([
    [virusTotal, 401, VIRUSTOTAL_ERROR('WrongCredentialsError'), { status: 'bad_key' }],
    [virusTotal, 401, VIRUSTOTAL_ERROR('AuthenticationRequiredError'), { status: 'bad_key' }],
    [virusTotal, 401, VIRUSTOTAL_ERROR('UserNotActiveError'), { status: 'bad_key' }],
    [virusTotal, 403, VIRUSTOTAL_ERROR('ForbiddenError'), { status: 'bad_key' }],
    [virusTotal, 404, VIRUSTOTAL_ERROR('NotFoundError'), UNKNOWN],
    [virusTotal, 400, VIRUSTOTAL_ERROR('InvalidArgumentError'), REFUSED],
    [virusTotal, 429, VIRUSTOTAL_ERROR('QuotaExceededError'), { status: 'limited' }],
    [virusTotal, 403, VIRUSTOTAL_ERROR('SomethingNewError'), { status: 'failed', reason: 'status 403' }],
    [abuseIpdb, 401, ABUSEIPDB_ERROR(401), { status: 'bad_key' }],
    [abuseIpdb, 403, ABUSEIPDB_ERROR(403), { status: 'bad_key' }],
    [abuseIpdb, 401, { errors: [{ detail: 'no', status: '401' }] }, { status: 'bad_key' }],
    [abuseIpdb, 422, ABUSEIPDB_ERROR(422), REFUSED],
    [abuseIpdb, 400, ABUSEIPDB_ERROR(400), REFUSED],
    [abuseIpdb, 404, ABUSEIPDB_ERROR(404), UNKNOWN],
    [abuseIpdb, 429, ABUSEIPDB_ERROR(429), { status: 'limited' }],
    [abuseIpdb, 402, ABUSEIPDB_ERROR(402), { status: 'failed', reason: 'status 402' }],
  ])('%o answers %i with %j', async (provider, status, body, outcome) => {
    server.respond = json(body, status);

    expect(await ask(provider)).toMatchObject(outcome);
  });
});

const CHALLENGE = '<!DOCTYPE html><html><title>Just a moment...</title></html>';

describe.each([virusTotal, abuseIpdb])('askProvider: what others answer in place of %o', (provider) => {
  it.each([200, 400, 401, 403, 404, 422, 429, 500, 503])('%i with a page is an outage', async (status) => {
    server.respond = json(CHALLENGE, status, { 'content-type': 'text/html; charset=UTF-8' });

    expect(await ask(provider)).toMatchObject({ status: 'failed' });
  });

  it.each([400, 401, 403, 404, 422])(
    "%i is an outage where its body is not the provider's",
    async (status) => {
      for (const body of [
        '',
        '{}',
        '[]',
        { message: 'Forbidden' },
        { error: { code: status } },
        { errors: [] },
      ]) {
        server.respond = json(body, status);

        expect(await ask(provider)).toMatchObject({ status: 'failed', reason: `status ${status}` });
      }
    },
  );
});

const PROVIDER_ERRORS = [
  [virusTotal, VIRUSTOTAL_ERROR('TransientError')],
  [abuseIpdb, ABUSEIPDB_ERROR(500)],
] as const;

describe.each(PROVIDER_ERRORS)('askProvider: statuses of %o', (provider, body) => {
  it.each([500, 502, 503, 418, 204, 301])('%i is a failure', async (status) => {
    server.respond = json(status === 204 ? '' : body, status, { location: 'http://127.0.0.1:1/elsewhere' });
    const before = server.requests.length;

    expect(await ask(provider)).toMatchObject({ status: 'failed', reason: `status ${status}` });
    expect(server.requests.length).toBe(before + 1);
  });

  it.each<[string, Record<string, string>, number]>([
    ['a number of seconds', { 'retry-after': '17' }, 17_000],
    ['the start of the next window', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '40' }, 40_000],
    ['nothing', {}, 60_000],
    ['nonsense', { 'retry-after': 'soon' }, 60_000],
    ['more than a day', { 'retry-after': '999999999' }, 86_400_000],
  ])('429 with %s', async (_, headers, waitMs) => {
    server.respond = json(body, 429, headers);
    const before = Date.now();

    const { status, quietUntilMs = 0 } = await ask(provider);

    expect(status).toBe('limited');
    expect(quietUntilMs).toBeGreaterThanOrEqual(before + waitMs);
    expect(quietUntilMs).toBeLessThanOrEqual(Date.now() + waitMs);
  });

  it('429 with a date', async () => {
    const date = new Date(Date.now() + 90_000);
    server.respond = json(body, 429, { 'retry-after': date.toUTCString() });

    const { quietUntilMs } = await ask(provider);

    expect(quietUntilMs).toBe(Math.floor(date.getTime() / 1000) * 1000);
  });

  it('503 with a number of seconds', async () => {
    server.respond = json(body, 503, { 'retry-after': '30' });

    expect((await ask(provider)).quietUntilMs).toBeGreaterThan(Date.now() + 20_000);
  });
});

it('heeds the last call of a window that an answer announces', async () => {
  const reset = Math.floor(Date.now() / 1000) + 500;
  server.respond = json(ABUSEIPDB_CHECK, 200, {
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(reset),
  });

  expect(await ask(abuseIpdb)).toMatchObject({ status: 'answered', quietUntilMs: reset * 1000 });
});

it('goes on where an answer announces that calls remain', async () => {
  server.respond = json(ABUSEIPDB_CHECK, 200, {
    'x-ratelimit-remaining': '1',
    'x-ratelimit-reset': '9999999999',
  });

  expect((await ask(abuseIpdb)).quietUntilMs).toBeUndefined();
});

const html: RequestListener = (_, response) =>
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>');

describe.each([virusTotal, abuseIpdb])('askProvider: nonsense of %o', (provider) => {
  it.each<[string, RequestListener, string]>([
    ['a page', html, 'the answer is not JSON'],
    ['half of it', json('{"data": {"id": "8.8'), 'the answer is not JSON'],
    ['nothing', json(''), 'the answer is not JSON'],
    ['too much', json(`"${'x'.repeat(600_000)}"`), 'the answer is too large'],
    ['null', json('null'), 'not a'],
    ['a list', json([]), 'not a'],
    ['something else', json({ data: [] }), 'not a'],
  ])('%s', async (_, respond, reason) => {
    server.respond = respond;

    expect(await ask(provider)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining(reason),
    });
  });

  it('a connection that is cut', async () => {
    server.respond = (request) => request.socket.destroy();

    expect(await ask(provider)).toMatchObject({ status: 'failed' });
  });

  it('a body that is cut', async () => {
    server.respond = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"data":');
      setTimeout(() => response.destroy(), 10);
    };

    expect(await ask(provider)).toMatchObject({ status: 'failed' });
  });

  it('no answer in time', async () => {
    server.respond = () => {};

    expect(await ask(provider, '8.8.8.8', 50)).toEqual({ status: 'failed', reason: 'no answer in time' });
  });

  it('no end of the answer in time', async () => {
    server.respond = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    };

    expect(await ask(provider, '8.8.8.8', 50)).toEqual({ status: 'failed', reason: 'no answer in time' });
  });
});

describe('askProvider: answers that cannot be', () => {
  it.each<[string, Provider, unknown]>([
    [
      'vendors below zero',
      virusTotal,
      virusTotalWith({ last_analysis_stats: { malicious: -1, harmless: 9 } }),
    ],
    ['vendors as words', virusTotal, virusTotalWith({ last_analysis_stats: { malicious: 'five' } })],
    ['vendors about another address', virusTotal, { data: { ...VIRUSTOTAL_ADDRESS.data, id: '9.9.9.9' } }],
    ['a confidence above 100', abuseIpdb, checkWith({ abuseConfidenceScore: 101 })],
    ['half a report', abuseIpdb, checkWith({ totalReports: 0.5 })],
    ['a last report at no time', abuseIpdb, checkWith({ lastReportedAt: 'yesterday' })],
    ['a whitelist that is text', abuseIpdb, checkWith({ isWhitelisted: 'yes' })],
    ['a usage type of a page', abuseIpdb, checkWith({ usageType: 'x'.repeat(5_000) })],
    ['reports about another address', abuseIpdb, checkWith({ ipAddress: '9.9.9.9' })],
  ])('%s', async (_, provider, body) => {
    server.respond = json(body);

    expect(await ask(provider)).toMatchObject({ status: 'failed' });
  });

  it('tells nothing of the key, whatever happens', async () => {
    const responses: RequestListener[] = [
      (request, response) => json(request.headers, 500)(request, response),
      (request, response) => json(request.headers, 401)(request, response),
      (request, response) => json(JSON.stringify(request.headers).slice(1))(request, response),
      (request) => request.socket.destroy(),
    ];
    for (const respond of responses) {
      server.respond = respond;
      for (const provider of [virusTotal, abuseIpdb]) {
        expect(JSON.stringify(await ask(provider))).not.toContain(KEY);
      }
    }
  });

  it('says so where nobody listens', async () => {
    const closed = await startProviderServer();
    await closed.close();
    const outcome = await askProvider({
      provider: virusTotal,
      baseUrl: closed.baseUrl,
      address: '8.8.8.8',
      key: KEY,
      signal: AbortSignal.timeout(5_000),
    });

    expect(outcome).toEqual({ status: 'failed', reason: 'ECONNREFUSED' });
  });
});
