import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type Call,
  callInto,
  callWith,
  jsonLines,
  type Variables,
  variablesOf,
} from '../../fixtures/cli/calls.ts';
import { connectionsTo, ndjson } from '../../fixtures/service/connections.ts';
import {
  EVENTUALLY,
  impatientScoring,
  type ScoringService,
  startScoringService,
} from '../../fixtures/service/scoring-service.ts';
import { refuseNetwork } from '../../fixtures/service/service-faults.ts';

/** A network whose items the table refuses, until a fix. */
const REFUSED = '198.18.7';
const BODIES = [
  ndjson(connectionsTo(REFUSED, 3)),
  ndjson(connectionsTo(REFUSED, 2, { dst_port: 22, protocol: 'tcp' })),
];

let service: ScoringService;
let variables: Variables;
let call: Call;

beforeAll(async () => {
  const definition = impatientScoring({ maxReceiveCount: 1, work: { visibilityTimeoutSeconds: 1 } });
  service = await startScoringService({ definition });
  variables = variablesOf(service.stack);
  call = callWith(variables);
});

afterAll(async () => await service?.stop());

describe('the dead-letter queue', () => {
  it('while empty, lists, shows and sends back nothing', async () => {
    const list = await call('dlq', 'list');
    const show = await call('dlq', 'show', 'some-id');
    const back = await call('dlq', 'redrive', '--json');

    expect(list).toEqual({
      end: 0,
      stdout: '',
      stderr: 'nothing is in the dead-letter queue, or someone else is reading it\n',
    });
    expect(show).toEqual({
      end: 1,
      stdout: '',
      stderr: 'error: some-id is not in the dead-letter queue; see `dlq list`\n',
    });
    expect(back).toMatchObject({ end: 0, stderr: '' });
    expect(JSON.parse(back.stdout)).toEqual({ redriven: 0, kept: 0, refused: 0 });
  });

  it('holds messages that kept failing, whole', async () => {
    service.faults.dynamodb = refuseNetwork(REFUSED);
    await service.pushTogether(...BODIES);
    await vi.waitFor(async () => {
      expect((await service.stack.queueDepths()).deadLetter.visible).toBe(BODIES.length);
    }, EVENTUALLY);

    const text = await call('dlq', 'list');
    const json = await call('dlq', 'list', '--json');
    const entries = jsonLines(json.stdout);
    const shown = await call('dlq', 'show', String(entries[0]?.id));
    const left = await callInto('true', variables, ['dlq', 'list']);

    expect(text).toMatchObject({ end: 0, stderr: '' });
    expect(text.stdout.split('\n')).toHaveLength(5);
    expect(json).toMatchObject({ end: 0, stderr: '' });
    expect(entries.map(({ body }) => body).sort()).toEqual(BODIES.toSorted());
    expect(Object.keys(entries[0] ?? {})).toEqual(['id', 'sent_at', 'body']);
    expect(shown).toEqual({ end: 0, stdout: `${entries[0]?.body}\n`, stderr: '' });
    expect(left).toEqual({ end: 0, stdout: '', stderr: '' });
  });

  it('takes them back as long as nothing is fixed', async () => {
    const { end, stdout } = await call('dlq', 'redrive', '--match', '"dst_port":22', '--json');
    await vi.waitFor(async () => {
      expect((await service.stack.queueDepths()).deadLetter.visible).toBe(BODIES.length);
    }, EVENTUALLY);

    expect(end).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ redriven: 1 });
  });

  it('is empty after a fix, and what was in it is stored', async () => {
    await service.endFaults();

    const { end, stdout, stderr } = await call('dlq', 'redrive');
    await service.drained();
    const list = await call('dlq', 'list');
    const assessments = await call('assessments', `${REFUSED}.1`, '--json');

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(stdout).toMatch(/^sent back to the work queue: 2 entries$/m);
    expect(list.stderr).toBe('nothing is in the dead-letter queue, or someone else is reading it\n');
    const ports = jsonLines(assessments.stdout).flatMap(({ connections }) =>
      (connections as { dst_port: number }[]).map(({ dst_port }) => dst_port),
    );
    expect(ports.sort((a, b) => a - b)).toEqual([22, 443]);
  });
});
