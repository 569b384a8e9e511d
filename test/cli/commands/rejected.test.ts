import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Call,
  callInto,
  callWith,
  ISO_TIME,
  jsonLines,
  ONE_LINE_ERROR,
  type Variables,
  variablesOf,
} from '../../fixtures/cli/calls.ts';
import { connection, ndjson } from '../../fixtures/service/connections.ts';
import { readQueue } from '../../fixtures/service/queue-contents.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';

const WRONG_PORT = JSON.stringify(connection({ dst_port: 70_000 }));
const NO_JSON = 'this line is no JSON';
const MIXED = `${ndjson([connection()])}\n${WRONG_PORT}\n${NO_JSON}`;
/** As large as a message can be, so that it does not fit the rejected queue together with its attributes. */
const HUGE = `no JSON: ${'x'.repeat(1_048_576 - 9)}`;

let service: ScoringService;
let variables: Variables;
let call: Call;

beforeAll(async () => {
  service = await startScoringService();
  variables = variablesOf(service.stack);
  call = callWith(variables);
});

afterAll(async () => await service?.stop());

async function listed() {
  const { end, stdout } = await call('rejected', 'list', '--json', '--limit', '1000');
  expect(end).toBe(0);
  return jsonLines(stdout);
}

describe('while nothing is rejected', () => {
  it('lists, shows and sends back nothing', async () => {
    const list = await call('rejected', 'list');
    const show = await call('rejected', 'show', 'some-id');
    const text = await call('rejected', 'redrive');
    const json = await call('rejected', 'redrive', '--json');

    expect(list).toEqual({
      end: 0,
      stdout: '',
      stderr: 'nothing is in the rejected queue, or someone else is reading it\n',
    });
    expect(show).toEqual({
      end: 1,
      stdout: '',
      stderr: 'error: some-id is not in the rejected queue; see `rejected list`\n',
    });
    expect(text).toMatchObject({ end: 0, stderr: '' });
    expect(text.stdout).toMatch(/^sent back to the work queue: 0 entries$/m);
    expect(json).toMatchObject({ end: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toEqual({ redriven: 0, kept: 0, refused: 0 });
  });
});

describe('invalid records', () => {
  it('are listed with the reason, and stay where they are', async () => {
    const [source] = await service.push(MIXED);
    await service.drained();

    const { end, stdout, stderr } = await call('rejected', 'list');
    const entries = await listed();
    const one = await call('rejected', 'list', '--limit', '1');

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(5);
    expect(stdout).toMatch(
      new RegExp(`^[\\w-]{36} {2}${ISO_TIME.source} {2}dst_port: expected at most 65535, got 70000$`, 'm'),
    );
    expect(stdout).toMatch(/^ {4}this line is no JSON$/m);
    expect(one.stdout.split('\n')).toHaveLength(3);
    const common = {
      id: expect.stringMatching(/^[\w-]{36}$/),
      sent_at: expect.any(Number),
      source_message_id: source,
      scope: 'record',
      count: 1,
      part: 1,
      parts: 1,
    };
    expect(entries.toSorted((a, b) => Number(a.index) - Number(b.index))).toEqual([
      { ...common, index: 1, reason: 'dst_port: expected at most 65535, got 70000', body: WRONG_PORT },
      { ...common, index: 2, reason: expect.stringMatching(/^not JSON: /), body: NO_JSON },
    ]);
  });

  it('are shown verbatim', async () => {
    const [entry] = await listed();
    const id = String(entry?.id);

    const text = await call('rejected', 'show', id);
    const json = await call('rejected', 'show', id, '--json');

    expect(text).toEqual({ end: 0, stdout: `${entry?.body}\n`, stderr: '' });
    expect(json).toMatchObject({ end: 0, stderr: '' });
    expect(jsonLines(json.stdout)).toEqual([entry]);
  });

  it('are sent back as far as they match', async () => {
    const { end, stdout, stderr } = await call('rejected', 'redrive', '--match', '70000', '--json');
    await service.drained();

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ redriven: 1 });
    const entries = await listed();
    expect(entries.map(({ body }) => body).sort()).toEqual([NO_JSON, WRONG_PORT].sort());
    // The redriven one was rejected again, from another message.
    expect(new Set(entries.map(({ source_message_id }) => source_message_id)).size).toBe(2);
  });

  it('go back once, though the service rejects them again meanwhile', async () => {
    const rubbish = Array.from({ length: 58 }, (_, n) => JSON.stringify(connection({ dst_port: -1, id: n })));
    await service.push(`${ndjson([connection()])}\n${rubbish.join('\n')}`);
    await service.drained();

    const { end, stdout } = await call('rejected', 'redrive', '--json');
    await service.drained();

    expect(end).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ redriven: 60 });
    const bodies = (await listed()).map(({ body }) => body);
    expect(bodies.toSorted()).toEqual([...rubbish, NO_JSON, WRONG_PORT].toSorted());
  });
});

describe('a text that came in parts', () => {
  it('is listed by its parts, into a reader that leaves, too', async () => {
    await service.push(HUGE);
    await service.drained();

    const parts = (await listed()).filter((entry) => entry.parts !== 1);
    const short = await callInto('head -c 7', variables, ['rejected', 'list', '--json', '--limit', '1000']);

    expect(parts.length).toBeGreaterThan(1);
    expect(parts.every((entry) => entry.parts === parts.length && entry.scope === 'body')).toBe(true);
    const text = parts.toSorted((a, b) => Number(a.part) - Number(b.part)).map(({ body }) => body);
    expect(text.join('') === HUGE).toBe(true);
    expect(short).toMatchObject({ end: 0, stdout: '{"id":"', stderr: '' });
  });

  it('is one message again', async () => {
    await service.stack.pauseDelivery();

    const { end, stdout } = await call('rejected', 'redrive', '--json', '--match', 'not JSON: Unexpected');
    const bodies = (await readQueue(service.sqs, variables.WORK_QUEUE_URL ?? '')).map(({ Body }) => Body);
    service.stack.resumeDelivery();
    await service.drained();

    expect(end).toBe(0);
    // The huge one, and the earlier line that is not JSON.
    expect(JSON.parse(stdout)).toMatchObject({ redriven: 2 });
    expect(bodies).toHaveLength(2);
    expect(bodies.includes(HUGE)).toBe(true);
    expect(bodies).toContain(NO_JSON);
  });
});

describe.concurrent('wrong calls', () => {
  it.for([['list', '--limit', '0'], ['show'], ['frobnicate']])('rejected %s', async (args) => {
    const { end, stdout, stderr } = await call('rejected', ...args);

    expect({ end, stdout }).toEqual({ end: 2, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
  });

  it.for(['REJECTED_QUEUE_URL', 'WORK_QUEUE_URL'])('redrive where %s is no queue', async (name) => {
    const wrong = callWith({ ...variables, [name]: `${variables[name]}-nowhere` });

    const { end, stdout, stderr } = await wrong('rejected', 'redrive', '--match', NO_JSON);

    expect({ end, stdout }).toEqual({ end: 1, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toContain('are name and AWS_REGION right?');
  });
});
