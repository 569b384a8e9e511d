import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FetchOptions, fetchFeed } from '../../../../lib/intelligence/feeds/fetch-feed.ts';
import {
  type Conduct,
  closedEarly,
  cutOff,
  datedList,
  endless,
  type FeedServer,
  list,
  PAGE,
  packed,
  redirect,
  silent,
  slow,
  startFeedServer,
  status,
} from '../../../fixtures/feeds/feed-server.ts';

const LIST = '192.0.2.1\n198.51.100.0/24\n';
const LIMITS = { timeoutMs: 20_000, bytes: 1_000_000, redirects: 3 };
let server: FeedServer;

beforeAll(async () => {
  server = await startFeedServer();
});
afterAll(() => server.close());

async function fetchFrom(path: string, options: FetchOptions = {}, feed: object = {}) {
  return await fetchFeed(
    { url: `${server.url}${path}`, plainHttp: true, ...feed },
    { limits: LIMITS, ...options },
  );
}

describe('fetching a list', () => {
  it('gives the body with what the version is known by', async () => {
    server.plays('/list', list(LIST, { etag: '"v1"' }));

    expect(await fetchFrom('/list')).toEqual({
      status: 'fetched',
      body: Buffer.from(LIST),
      validators: { etag: '"v1"' },
    });
  });

  it.each([
    ['an ETag', list(LIST, { etag: '"v1"' }), { etag: '"v1"' }],
    [
      'a date',
      datedList(LIST, 'Fri, 27 Nov 2026 10:00:00 GMT'),
      { lastModified: 'Fri, 27 Nov 2026 10:00:00 GMT' },
    ],
  ])('asks for a newer version only, by %s', async (_, conduct, validators) => {
    server.plays('/conditional', conduct);

    expect(await fetchFrom('/conditional', { validators })).toEqual({ status: 'unchanged' });
  });

  it('does not take an answer for unchanged that nobody asked for', async () => {
    server.plays('/odd', status(304));

    expect(await fetchFrom('/odd')).toMatchObject({ status: 'failed', problem: 'status' });
  });

  it.each([
    ['packed on the way', packed(LIST, { 'content-encoding': 'gzip' })],
    ['packed itself', packed(LIST, { 'content-type': 'application/gzip' })],
    ['redirected', redirect('/list')],
  ])('reads a list that is %s', async (_, conduct) => {
    server.plays('/list', list(LIST));
    server.plays('/one', conduct);

    expect(await fetchFrom('/one')).toMatchObject({ status: 'fetched', body: Buffer.from(LIST) });
  });

  it.each<[string, Conduct, string]>([
    ['a page with its type', status(200, { 'content-type': 'text/html; charset=utf-8' }, PAGE), 'web-page'],
    ['a page that calls itself text', status(200, { 'content-type': 'text/plain' }, PAGE), 'web-page'],
    ['a page that refuses', status(403, { 'content-type': 'text/html' }, PAGE), 'refused'],
    ['not found', status(404), 'status'],
    ['a failing server', status(503, {}, PAGE), 'server-error'],
    ['half of what was announced', cutOff(LIST), 'truncated'],
    ['half of a body in pieces', cutOff(LIST, false), 'truncated'],
    [
      'packed data that ends early',
      (_, response) => response.end(Buffer.from('1f8b080000000000', 'hex')),
      'truncated',
    ],
    ['more than the limit, announced', list('192.0.2.1\n'.repeat(100_001)), 'too-large'],
    ['a gigabyte', endless, 'too-large'],
    [
      'a bomb, packed on the way',
      packed(Buffer.alloc(5_000_000), { 'content-encoding': 'gzip' }),
      'too-large',
    ],
    ['a bomb, packed itself', packed(Buffer.alloc(5_000_000)), 'too-large'],
    ['redirects without end', redirect('/bad'), 'redirect'],
    ['a redirect to plain http elsewhere', redirect('http://lists.example/list'), 'redirect'],
    ['a redirect to an inner service', redirect('http://169.254.169.254/latest/meta-data/'), 'redirect'],
    ['a redirect to a bare address', redirect('https://10.0.0.1/list'), 'redirect'],
    ['a redirect with credentials', redirect('https://user:word@lists.example/'), 'redirect'],
    ['a redirect to a file', redirect('file:///etc/passwd'), 'redirect'],
  ])('fails on %s', async (_, conduct, problem) => {
    server.plays('/bad', conduct);

    expect(await fetchFrom('/bad')).toMatchObject({ status: 'failed', problem });
  });

  it('leaves a gigabyte where it is', async () => {
    server.plays('/gigabyte', endless);
    const before = server.sentBytes;

    await fetchFrom('/gigabyte');

    expect(server.sentBytes - before).toBeLessThan(50_000_000);
  });

  it.each([
    ['without an answer', silent],
    ['drop by drop', slow(20)],
  ])('gives up in time on a server %s', async (_, conduct) => {
    server.plays('/slow', conduct);

    expect(await fetchFrom('/slow', { limits: { ...LIMITS, timeoutMs: 200 } })).toEqual({
      status: 'failed',
      problem: 'timeout',
      detail: 'not complete within 0.2 s',
    });
  });

  it.each([
    ['seconds', '120', 1_000_120_000],
    ['a date', new Date(1_000_060_000).toUTCString(), 1_000_060_000],
    ['longer than a day', '999999', 1_000_000_000 + 86_400_000],
    ['nothing', '', undefined],
    ['nonsense', 'soon', undefined],
  ])('leaves a server alone for as long as it asks: %s', async (_, retryAfter, retryAtMs) => {
    server.plays('/limited', status(429, { 'retry-after': retryAfter }));

    const outcome = await fetchFrom('/limited', { now: () => 1_000_000_000 });

    expect(outcome).toEqual({
      status: 'failed',
      problem: 'limited',
      detail: 'too many requests (status 429)',
      ...(retryAtMs !== undefined && { retryAtMs }),
    });
  });

  it('drops the line that the end of a connection cut', async () => {
    server.plays('/closed', closedEarly('192.0.2.1\n192.0.2.2'));

    expect(await fetchFrom('/closed')).toMatchObject({ status: 'fetched', body: Buffer.from('192.0.2.1\n') });
  });

  it('sends a key, and takes it to nobody else', async () => {
    server.plays('/keyed', list(LIST));
    server.plays('/moved', redirect('/keyed'));

    const fetched = await fetchFrom('/keyed', { key: 'secret' }, { keyOf: 'abuseipdb' });
    const moved = await fetchFrom('/moved', { key: 'secret' }, { keyOf: 'abuseipdb' });

    expect(fetched.status).toBe('fetched');
    expect(server.requests.findLast(({ path }) => path === '/keyed')?.headers.key).toBe('secret');
    expect(moved).toMatchObject({ status: 'failed', problem: 'redirect' });
  });

  it('says when nobody listens, in the words of the system', async () => {
    expect(await fetchFeed({ url: 'http://127.0.0.1:9/', plainHttp: true })).toMatchObject({
      status: 'failed',
      problem: 'unreachable',
    });
  });

  it('does not believe a validator that is as long as a book', async () => {
    server.plays('/long', list(LIST, { etag: `"${'x'.repeat(300)}"` }));

    expect(await fetchFrom('/long')).toMatchObject({ status: 'fetched', validators: {} });
  });
});
