import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DetectionFinding } from '../../../lib/announcement/ocsf/detection-finding.ts';
import { closeServer, endpointOf, listenOnLoopback } from '../../../lib/local/emulators/loopback.ts';
import type {
  EventTargetDefinition,
  ServiceDefinition,
} from '../../../lib/local/template/service-definition.ts';
import { readOutbox } from '../../../lib/store/outbox.ts';
import { collect } from '../../factories/iterables.ts';
import { withTargets } from '../../fixtures/infra/announcing-service.ts';
import { findingProblems } from '../../fixtures/ocsf/validate-finding.ts';
import { ACCUSED, connection, ndjson } from '../../fixtures/service/connections.ts';
import {
  EVENTUALLY,
  impatientScoring,
  type ScoringService,
  startScoringService,
} from '../../fixtures/service/scoring-service.ts';

let service: ScoringService;
let server: Server;
/** Calls to each path of the webhook, in order. */
let calls: { readonly path: string; readonly key: string | undefined; readonly body: string }[] = [];
/** The webhook's status by path; 200 by default. */
const answers = new Map<string, number>();
let place = 0;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const status = answers.get(path) ?? 200;
    const body = await text(request);
    if (status === 200) calls.push({ path, key: request.headers['x-key']?.toString(), body });
    response.writeHead(status).end();
  });
  const url = endpointOf(await listenOnLoopback(server));
  service = await startScoringService({
    definition: announcing(impatientScoring(), url),
    secrets: { chat: `${url}/chat`, siem: 's3cret' },
  });
});

afterAll(async () => {
  await service?.stop();
  await closeServer(server);
});

beforeEach(() => {
  calls = [];
  answers.clear();
});

/** The deployed definition, with one target redirected to this machine. */
function announcing(deployed: ServiceDefinition, url: string): ServiceDefinition {
  const { furtherQueues, watch } = withTargets([
    { type: 'email', name: 'mail', address: 'soc@example.com' },
    { type: 'slack', name: 'chat', urlSecret: 'chat' },
    { type: 'webhook', name: 'siem', url: 'https://siem.example.com', header: 'x-key', secret: 'siem' },
  ]);
  const toLoopback = (target: EventTargetDefinition): EventTargetDefinition =>
    target.kind === 'api' && target.destination.url.startsWith('https:')
      ? { ...target, destination: { ...target.destination, url: `${url}/siem` } }
      : target;
  const rules = watch.rules
    .filter(({ bus }) => bus !== 'default')
    .map((rule) => ({ ...rule, targets: rule.targets.map(toLoopback) }));
  return {
    ...deployed,
    furtherQueues,
    watch: {
      ...deployed.watch,
      topics: watch.topics,
      buses: watch.buses,
      rules: [...deployed.watch.rules, ...rules],
    },
  };
}

/** A local host calls a malicious address. */
function call(): { readonly address: string; readonly body: string } {
  const address = `203.0.113.${++place}`;
  return { address, body: ndjson([connection({ dst_ip: address, threat_intel: ACCUSED })]) };
}

const findings = () =>
  calls
    .filter(({ path }) => path === '/siem')
    .map(({ body }) => (JSON.parse(body) as { detail: DetectionFinding }).detail);

const arrived = async (path: string, count: number) =>
  await vi.waitFor(() => expect(calls.filter((each) => each.path === path)).toHaveLength(count), EVENTUALLY);

const mails = () => service.stack.notifications.map(({ message }) => message);

describe('a malicious address that an inside host calls', () => {
  it('is announced to every target, in its shape', async () => {
    const { address, body } = call();
    await service.push(body);
    await arrived('/siem', 1);
    await arrived('/chat', 1);

    const [finding] = findings();
    expect(findingProblems(finding)).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'High',
      finding_info: { uid: expect.stringMatching(new RegExp(`^dev/${address}/.*/outbound$`)) },
      resources: [{ ip: '10.20.4.9' }],
      unmapped: { address, command: `threat-consensus assessments ${address}` },
    });
    expect(calls.find(({ path }) => path === '/siem')?.key).toBe('s3cret');
    expect(JSON.parse(calls.find(({ path }) => path === '/chat')?.body ?? '')).toEqual({
      text: finding?.message,
    });
    expect(mails()).toContainEqual(
      expect.stringContaining(`"[dev] 10.20.4.9 calls a malicious address, ${address}`),
    );
    expect(await collect(readOutbox(service.table))).toEqual([]);
  });

  it('is announced once, however often it is called', async () => {
    const { body } = call();
    await service.push(body);
    await arrived('/siem', 1);
    await service.push(body, body);
    await service.drained();
    const other = call();
    await service.push(other.body);
    await arrived('/siem', 2);

    expect(findings().map(({ unmapped }) => unmapped.address)).toContain(other.address);
    expect(new Set(findings().map(({ metadata }) => metadata.uid)).size).toBe(2);
  });

  it('waits for a target that is down, holds up no verdict and no other target, and arrives with the same uid', async () => {
    answers.set('/siem', 503);
    const { address, body } = call();
    await service.push(body);
    await service.drained();
    await arrived('/chat', 1);
    expect(findings()).toEqual([]);

    answers.clear();
    await arrived('/siem', 1);
    expect(findings()[0]?.unmapped.address).toBe(address);
  });

  it('ends in the queue of a target that refuses it', async () => {
    answers.set('/siem', 403);
    const queue = service.stack.undeliveredQueues.find((name) => name.includes('siem')) ?? '';
    const before = service.stack.queueDepth(queue).visible;
    await service.push(call().body);

    await vi.waitFor(() => expect(service.stack.queueDepth(queue).visible).toBe(before + 1), EVENTUALLY);
  });
});
