import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeServer, endpointOf, listenOnLoopback } from '../../../../lib/local/emulators/loopback.ts';
import { EventRouter, type TargetServices } from '../../../../lib/local/events/event-router.ts';
import type {
  EventRuleDefinition,
  EventTargetDefinition,
} from '../../../../lib/local/template/service-definition.ts';

const EVENT = { source: 'service', detail: { id: 'a' } };
const WEBHOOK = 'arn:aws:events:us-east-1:000000000000:api-destination/hook';

interface Request {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let url: string;
let requests: Request[];
/** The endpoint's successive answers; 200 after the last. */
let statuses: number[];
let sent: { queue: string; body: string; attributes: Readonly<Record<string, string>> | undefined }[];
let attempts: string[];
let router: EventRouter | undefined;

beforeEach(async () => {
  requests = [];
  statuses = [];
  sent = [];
  attempts = [];
  server = createServer(async (request, response) => {
    requests.push({ url: request.url, headers: request.headers, body: await text(request) });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  url = endpointOf(await listenOnLoopback(server));
});

afterEach(async () => {
  await router?.stop();
  await closeServer(server);
});

const services: TargetServices = {
  invoke: async () => {},
  send: async (queue, body, attributes) => void sent.push({ queue, body, attributes }),
  publish: () => {},
  secrets: { key: 's3cret' },
};

function webhook(changes: Partial<EventTargetDefinition> = {}): EventTargetDefinition {
  return {
    kind: 'api',
    arn: WEBHOOK,
    input: JSON.stringify,
    retryAttempts: 3,
    maximumAgeSeconds: 60,
    failures: 'undelivered',
    destination: {
      name: 'hook',
      url,
      method: 'POST',
      headers: { 'x-key': 'Bearer {{resolve:secretsmanager:key:SecretString:::}}' },
      query: { q: '1' },
      body: { routing_key: '{{resolve:secretsmanager:key:SecretString:::}}' },
    },
    ...changes,
  } as EventTargetDefinition;
}

function route(target: EventTargetDefinition, changes: Partial<TargetServices> = {}): EventRouter {
  const rule: EventRuleDefinition = { name: 'rule', bus: 'findings', pattern: () => true, targets: [target] };
  router = new EventRouter({
    rules: [rule],
    services: { ...services, ...changes },
    onAttempt: (_, attempt) => attempts.push(attempt),
    onProblem: () => {},
    firstRetryMs: 1,
  });
  return router;
}

const settled = async (end: string) => await vi.waitFor(() => expect(attempts.at(-1)).toBe(end));

describe('an event for a webhook', () => {
  it('comes with what the connection adds, secrets included', async () => {
    await route(webhook()).deliver('findings', EVENT);

    expect(requests).toMatchObject([{ url: '/?q=1', headers: { 'x-key': 'Bearer s3cret' } }]);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ ...EVENT, routing_key: 's3cret' });
    expect(attempts).toEqual(['delivered']);
  });

  it('is on one bus only', async () => {
    await route(webhook()).deliver('default', EVENT);

    expect(requests).toEqual([]);
  });

  it.each([429, 500, 503, 409])('is repeated after %i until it arrives', async (status) => {
    statuses = [status, status];
    await route(webhook()).deliver('findings', EVENT);
    await settled('delivered');

    expect(attempts).toEqual(['failed', 'failed', 'delivered']);
    expect(sent).toEqual([]);
  });

  it('goes to the dead-letter queue when all attempts failed, with what it was', async () => {
    statuses = [500, 500, 500, 500];
    await route(webhook()).deliver('findings', EVENT);
    await vi.waitFor(() => expect(sent).toHaveLength(1));

    expect(attempts).toEqual(['failed', 'failed', 'failed', 'failed', 'given_up']);
    expect(sent).toMatchObject([
      {
        queue: 'undelivered',
        body: JSON.stringify(EVENT),
        attributes: {
          RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/findings/rule',
          TARGET_ARN: WEBHOOK,
          ERROR_MESSAGE: 'HTTP status 500',
          RETRY_ATTEMPTS: '3',
        },
      },
    ]);
  });

  it('is given up at once where asking again is of no use', async () => {
    statuses = [403];
    await route(webhook()).deliver('findings', EVENT);
    await vi.waitFor(() => expect(sent).toHaveLength(1));

    expect(attempts).toEqual(['failed', 'given_up']);
  });

  it('is given up where a secret is missing', async () => {
    await route(webhook(), { secrets: {} }).deliver('findings', EVENT);
    await vi.waitFor(() => expect(sent).toHaveLength(1));

    expect(requests).toEqual([]);
    expect(sent[0]?.attributes?.ERROR_MESSAGE).toContain('there is no secret key');
  });

  it('is not repeated for longer than it may be', async () => {
    statuses = [500, 500];
    await route(webhook({ maximumAgeSeconds: 0 })).deliver('findings', EVENT);
    await vi.waitFor(() => expect(sent).toHaveLength(1));

    expect(attempts).toEqual(['failed', 'given_up']);
  });
});

it('delivers to functions, queues and topics', async () => {
  const seen: unknown[] = [];
  const common = { input: JSON.stringify, retryAttempts: 0, maximumAgeSeconds: 60 };
  const everything: Partial<TargetServices> = {
    invoke: async (name, event) => void seen.push([name, event]),
    publish: (topic, message) => void seen.push([topic, message]),
  };
  const called = { name: 'sender' } as Extract<EventTargetDefinition, { kind: 'function' }>['function'];
  await route({ ...common, kind: 'function', arn: 'f', function: called }, everything).deliver(
    'findings',
    EVENT,
  );
  await route({ ...common, kind: 'topic', arn: 't' }, everything).deliver('findings', EVENT);
  await route({ ...common, kind: 'queue', arn: 'q', queueName: 'queue' }).deliver('findings', EVENT);

  expect(seen).toEqual([
    ['sender', EVENT],
    ['t', JSON.stringify(EVENT)],
  ]);
  expect(sent).toEqual([{ queue: 'queue', body: JSON.stringify(EVENT), attributes: undefined }]);
});
