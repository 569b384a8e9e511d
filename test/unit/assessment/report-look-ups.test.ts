import { Metrics } from '@aws-lambda-powertools/metrics';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reportLookUps } from '../../../lib/assessment/report-look-ups.ts';
import type { LookUpFigures, ProviderFigures } from '../../../lib/intelligence/look-up-figures.ts';

function reported(...rounds: readonly LookUpFigures[]): Record<string, number> {
  return reportedWith(rounds);
}

function reportedWith(rounds: readonly LookUpFigures[], isOutdated?: boolean): Record<string, number> {
  const metrics = new Metrics({ namespace: 'Test', serviceName: 'test' });
  // Serialising an empty set of metrics logs a warning.
  metrics.addMetric('Something', 'Count', 1);
  reportLookUps(metrics, rounds, isOutdated);
  const { _aws, service: _, Something: __, ...values } = metrics.serializeMetrics();
  return values as unknown as Record<string, number>;
}

function figures(overrides: Partial<ProviderFigures> = {}): ProviderFigures {
  return {
    calls: 0,
    failures: 0,
    cacheHits: 0,
    outcomes: {},
    isCircuitOpen: false,
    isKeyRefused: false,
    ...overrides,
  };
}

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('reportLookUps', () => {
  it('emits nothing if nothing is looked up', () => {
    expect(reported()).toEqual({});
    expect(reported({ providers: {}, listed: 0 })).toEqual({});
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('says whether keys or lists are outdated, although nothing is looked up: %s', (isOutdated, value) => {
    expect(reportedWith([], isOutdated)).toEqual({ IntelligenceOutdated: value });
  });

  it('gives alarms their zeros for a provider that has a key', () => {
    expect(reported({ providers: { virustotal: figures() }, listed: 0 })).toEqual({
      VirusTotalCalls: 0,
      VirusTotalFailures: 0,
      VirusTotalBadKey: 0,
      VirusTotalCircuitOpen: 0,
    });
  });

  it('adds up the rounds of an invocation, provider by provider', () => {
    const outcomes = { found: 3, unknown: 1, stale: 1, refused: 1, late: 2, no_quota: 9, failed: 2 };
    const first = figures({ calls: 5, failures: 2, cacheHits: 1, outcomes });
    const second = figures({
      calls: 1,
      outcomes: { found: 1, circuit_open: 4, bad_key: 2 },
      isKeyRefused: true,
    });

    expect(
      reported(
        { providers: { virustotal: first, abuseipdb: figures({ isCircuitOpen: true }) }, listed: 2 },
        { providers: { virustotal: second }, listed: 1 },
      ),
    ).toEqual({
      ListingFound: 3,
      VirusTotalCalls: 6,
      VirusTotalFailures: 2,
      VirusTotalBadKey: 1,
      VirusTotalCircuitOpen: 0,
      VirusTotalCacheHits: 1,
      VirusTotalQuotaExhausted: 9,
      VirusTotalFound: 4,
      VirusTotalUnknown: 1,
      VirusTotalStale: 1,
      VirusTotalRefused: 1,
      VirusTotalLate: 2,
      VirusTotalHeldBack: 4,
      VirusTotalKeyRefused: 2,
      VirusTotalFailed: 2,
      AbuseIpdbCalls: 0,
      AbuseIpdbFailures: 0,
      AbuseIpdbBadKey: 0,
      AbuseIpdbCircuitOpen: 1,
    });
  });
});
