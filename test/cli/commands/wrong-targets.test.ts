import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callWith, ONE_LINE_ERROR, type Variables } from '../../fixtures/cli/calls.ts';
import { type FaultProxy, startFaultProxy } from '../../fixtures/local/fault-proxy.ts';
import { SAMPLE_FILE } from '../../fixtures/sample/generate.ts';

/** Nothing listens here. */
const NOWHERE = 'http://127.0.0.1:1';
const ID = '203.0.113.201/fiGCaZRSzH4sTAYKtvKdMj/443/tcp/outbound';

let expiring: FaultProxy;

beforeAll(async () => {
  const message = 'The security token included in the request is expired';
  expiring = await startFaultProxy({
    target: NOWHERE,
    intercept: () => ({ status: 400, body: { __type: 'ExpiredTokenException', message } }),
  });
});

afterAll(async () => await expiring?.close());

function variablesFor(endpoint: string): Variables {
  return {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_SQS: endpoint,
    TABLE_NAME: 'table',
    WORK_QUEUE_URL: `${endpoint}/000000000000/work`,
    REJECTED_QUEUE_URL: `${endpoint}/000000000000/rejected`,
    DEAD_LETTER_QUEUE_URL: `${endpoint}/000000000000/dead-letter`,
  };
}

function without(variables: Variables, ...names: readonly string[]): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !names.includes(name)));
}

describe.concurrent('an endpoint that nobody answers at', () => {
  it.for([['stats'], ['rejected', 'list']])('%j', async (args) => {
    const { end, stdout, stderr } = await callWith(variablesFor(NOWHERE))(...args);

    expect({ end, stdout }).toEqual({ end: 1, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toMatch(/could not read the (?:table|queue): nothing answers at 127.*AWS_ENDPOINT_URL/);
  });
});

describe.concurrent('credentials that have expired', () => {
  it.for([
    ['assessments', '9.9.9.9'],
    ['attention'],
    ['watch'],
    ['hosts'],
    ['label', ID, 'benign'],
    ['push', SAMPLE_FILE],
    ['rejected', 'show', 'some-id'],
    ['dlq', 'redrive'],
  ])('%j', async (args) => {
    const { end, stdout, stderr } = await callWith(variablesFor(expiring.endpoint))(...args);

    expect({ end, stdout }).toEqual({ end: 1, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toMatch(/ExpiredTokenException: .*expired; set valid AWS credentials/);
  });
});

describe.concurrent('what is not said', () => {
  it.for<[string, readonly string[], readonly string[], number, RegExp]>([
    [
      'the table',
      ['TABLE_NAME'],
      ['stats'],
      2,
      /which table\? Use --local, --env or --table, or set TABLE_NAME/,
    ],
    [
      'the work queue',
      ['WORK_QUEUE_URL'],
      ['push', SAMPLE_FILE],
      2,
      /which work queue\? Use --local, --env or --queue-url, or set WORK_QUEUE_URL/,
    ],
    [
      'the dead-letter queue',
      ['DEAD_LETTER_QUEUE_URL'],
      ['dlq', 'list'],
      2,
      /which dead-letter queue\? Use --local, --env or --dead-letter-queue-url, or set DEAD_LETTER_QUEUE_URL/,
    ],
    ['the region', ['AWS_REGION'], ['labels'], 1, /no region is set; set AWS_REGION/],
    [
      'the credentials',
      ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
      ['rejected', 'list'],
      1,
      /credentials.*set valid AWS credentials/,
    ],
  ])('%s', async ([, names, args, code, message]) => {
    const { end, stdout, stderr } = await callWith(without(variablesFor(NOWHERE), ...names))(...args);

    expect({ end, stdout }).toEqual({ end: code, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toMatch(message);
  });
});

describe.concurrent('what makes no sense', () => {
  it.for<[readonly string[], string]>([
    [['assessments', '300.1.1.1'], '"300.1.1.1" is not an IPv4 or IPv6 address'],
    [['label', 'nonsense', 'benign'], '"nonsense" is neither an address nor the id of an assessment'],
    [['label', ID, 'evil'], '"evil" is neither malicious nor benign'],
    [['attention', '--since', 'yesterday'], "argument 'yesterday' is invalid. expected 90m"],
    [['labels', '--limit', '1000001'], 'expected a whole number from 1 to 1000000'],
    [['push', SAMPLE_FILE, '--queue-url', 'work'], 'work is not the URL of a queue'],
  ])('%j', async ([args, message]) => {
    const { end, stdout, stderr } = await callWith(variablesFor(NOWHERE))(...args);

    expect({ end, stdout }).toEqual({ end: 2, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toContain(message);
  });

  it('push of standard input that holds nothing', async () => {
    const { end, stderr } = await callWith(variablesFor(NOWHERE))('push', '-');

    expect(end).toBe(1);
    expect(stderr).toBe('error: standard input: it is empty\n');
  });
});
