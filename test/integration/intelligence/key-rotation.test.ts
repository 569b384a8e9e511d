import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { keyRefusal, startSimulatedProviders } from '../../../lib/local/emulators/simulated-providers.ts';
import { readAssessmentsOf } from '../../../lib/store/read-assessments.ts';
import { LOOK_UP_METRICS } from '../../../lib/telemetry/metric-names.ts';
import { startCall, variablesOf } from '../../fixtures/cli/calls.ts';
import { connection, ndjson } from '../../fixtures/service/connections.ts';
import { metricsOf } from '../../fixtures/service/function-log.ts';
import {
  EVENTUALLY,
  impatientScoring,
  type ScoringService,
  startScoringService,
} from '../../fixtures/service/scoring-service.ts';
import { collect } from '../../fixtures/service/table-contents.ts';

const [OLD_KEY, NEW_KEY] = ['the-key-of-before-0123456789', 'the-key-that-follows-9876543210'];

let service: ScoringService;
let providers: Awaited<ReturnType<typeof startSimulatedProviders>>;
let validKey: string = OLD_KEY;
let network = 0;

beforeAll(async () => {
  providers = await startSimulatedProviders({
    latencyMs: 0,
    intercept: ({ key, provider }) => (key === validKey ? undefined : keyRefusal(provider)),
  });
  service = await startScoringService({
    definition: impatientScoring({ function: { timeoutSeconds: 15 } }),
    functionEnvironment: {
      VIRUSTOTAL_URL: providers.baseUrl,
      ABUSEIPDB_URL: providers.baseUrl,
      VIRUSTOTAL_CALLS_PER_MINUTE: '1000',
      // Keys are read again at every invocation, which waits for them.
      PROVIDER_KEYS_MAX_AGE_SECONDS: '0.01',
      LOOKUP_WAIT_MS: '5000',
    },
  });
});

afterAll(async () => {
  await service?.stop();
  await providers?.close();
});

async function setKey(key: string): Promise<void> {
  const command = startCall(variablesOf(service.stack), ['keys', 'set', 'virustotal', '--env', 'dev']);
  command.process.stdin.end(key);
  expect(await command.ended).toMatchObject({ end: 0 });
}

/** Scores a connection to a new address, and returns the look-up's outcome. */
async function outcomeOfLookUp(): Promise<unknown> {
  const address = `203.0.113.${++network}`;
  await service.pushTogether(ndjson([connection({ dst_ip: address })]));
  await service.drained();
  const [read] = await collect(readAssessmentsOf(service.table, address, Date.now()));
  return read?.assessment.lookups?.virustotal?.outcome;
}

function latestMetrics() {
  return metricsOf(service.logLines).at(-1);
}

it('a rejected key is reported, and its replacement used without a new deployment', async () => {
  const { badKey } = LOOK_UP_METRICS.virustotal;
  await setKey(OLD_KEY);
  await vi.waitFor(async () => expect(await outcomeOfLookUp()).toMatch(/^(?:found|unknown)$/), EVENTUALLY);
  expect(latestMetrics()).toMatchObject({ [badKey]: 0 });

  validKey = NEW_KEY;
  expect(await outcomeOfLookUp()).toBe('bad_key');
  expect(latestMetrics()).toMatchObject({ [badKey]: 1 });

  await setKey(NEW_KEY);
  await vi.waitFor(async () => expect(await outcomeOfLookUp()).toMatch(/^(?:found|unknown)$/), EVENTUALLY);
  expect(latestMetrics()).toMatchObject({ [badKey]: 0 });
  expect(service.logLines.join('\n')).not.toMatch(`${OLD_KEY}|${NEW_KEY}`);
});
