import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROLLBACK_CAUSES } from '../../infra/monitoring/rollback-causes.ts';
import { metricsServiceName } from '../../lib/telemetry/metric-names.ts';
import { DEPLOYED } from '../fixtures/deployed-service.ts';
import { type Minute, ROLLBACK, SimulatedSite } from '../fixtures/infra/simulated-site.ts';

/** How long a failed message stays hidden: the work queue's visibility timeout. */
const REDELIVERED_AFTER_MINUTES = DEPLOYED.definition.queues.work.visibilityTimeoutSeconds / 60;

/** Minutes, each built from its number. */
function minutes(count: number, minute: (n: number) => Minute): Minute[] {
  return Array.from({ length: count }, (_, n) => minute(n));
}

/** The delivery of a message in a minute counted from its first one; none, or its number. */
function deliveryIn(minute: number, deliveries: number): number | undefined {
  const number = minute / REDELIVERED_AFTER_MINUTES + 1;
  return Number.isInteger(number) && number <= deliveries ? number : undefined;
}

/** One message that fails, among normal ones. */
function poisoned(n: number, deliveries: number, fails: 'handed back' | 'crash', ordinary: number): Minute {
  const delivery = deliveryIn(n, deliveries);
  const keepFailing = (delivery ?? 0) >= 5 ? 1 : 0;
  if (delivery === undefined) return { invocations: ordinary };
  return fails === 'crash'
    ? { invocations: ordinary, crashes: 1, keepFailing }
    : { invocations: ordinary + 1, handedBack: 1, keepFailing };
}

/** Executions a minute: none, few, the minimum that is judged, many. */
const VOLUMES = [0, 1, 4, 60];

describe('one message that keeps failing', () => {
  it.each(VOLUMES)('and is handed back moves nothing among %i executions a minute', (ordinary) => {
    const site = new SimulatedSite().pass(minutes(60, (n) => poisoned(n, 5, 'handed back', ordinary)));

    expect(site.raised).toEqual(new Set(['messages-keep-failing']));
  });

  it.each(VOLUMES)('and crashes moves nothing among %i executions a minute', (ordinary) => {
    const site = new SimulatedSite().pass(minutes(60, (n) => poisoned(n, 5, 'crash', ordinary)));

    expect(site.raised).toEqual(new Set(['function-crashes', 'messages-keep-failing']));
  });

  it('crashes for hours without moving anything, nor do two', () => {
    const volumes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 150, maxLength: 150 });
    const starts = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 2 });

    fc.assert(
      fc.property(volumes, starts, (volume, messages) => {
        const site = new SimulatedSite().pass(
          volume.map((invocations, n) => ({
            invocations,
            crashes: messages.filter((start) => deliveryIn(n - start, 50) !== undefined && n >= start).length,
          })),
        );

        expect(site.raised).not.toContain(ROLLBACK);
      }),
      { numRuns: 30 },
    );
  });
});

describe('executions that crash', () => {
  it.each(VOLUMES)('once move nothing among %i a minute', (ordinary) => {
    const site = new SimulatedSite().pass(
      minutes(60, (n) => ({ invocations: ordinary, crashes: n === 20 ? 1 : 0 })),
    );

    expect(site.raised).toEqual(new Set(['function-crashes']));
  });

  it.each([
    ['spread over it', (n: number) => (n % 6 === 0 ? 1 : 0)],
    ['in one minute', (n: number) => (n === 30 ? 10 : 0)],
    ['in two periods', (n: number) => (n === 30 || n === 35 ? 5 : 0)],
  ])('ten times in a busy hour, %s, move nothing', (_, crashes) => {
    const site = new SimulatedSite().pass(minutes(60, (n) => ({ invocations: 60, crashes: crashes(n) })));

    expect(site.raised).toEqual(new Set(['function-crashes']));
  });

  it.each([
    ['all of many', { crashes: 60 }],
    ['every third of many', { invocations: 40, crashes: 20 }],
    ['all of the least that is judged', { crashes: 4 }],
  ])('%s roll back within a quarter of an hour', (_, outage) => {
    const site = new SimulatedSite().pass(minutes(60, () => ({ invocations: 60 })));

    site.pass(minutes(15, () => outage));

    expect(site.raised).toContain(ROLLBACK);
    expect(site.raised).toContain('function-errors');
  });

  it('roll back a site of a message every two minutes when its messages pile up', () => {
    const sent = (n: number) => n % 2 === 0;
    const deliveries = (n: number) =>
      minutes(n + 1, () => ({})).filter((_, m) => sent(m) && deliveryIn(n - m, 50) !== undefined).length;

    const site = new SimulatedSite().pass(minutes(60, (n) => ({ crashes: deliveries(n) })));

    expect(site.raised).toContain(ROLLBACK);
  });

  it('are reported and roll nothing back where five executions an hour all fail', () => {
    const site = new SimulatedSite().pass(minutes(240, (n) => ({ crashes: n % 12 === 0 ? 1 : 0 })));

    expect(site.raised).toEqual(new Set(['function-crashes']));
  });
});

describe('what producers can do with ordinary records', () => {
  it('fails no environment over: messages that the table has no room for roll nothing back', () => {
    const site = new SimulatedSite().pass(
      minutes(120, (n) => ({
        invocations: 30,
        received: 150,
        handedBack: 150,
        keepFailing: n < 12 ? 0 : 100,
      })),
    );

    expect(site.raised).toEqual(new Set(['messages-failed', 'messages-keep-failing']));
  });

  it.each([
    ['a message without any consensus', 1],
    ['another one in the same five minutes', 2],
  ])('%s rolls nothing back', (_, messages) => {
    const site = new SimulatedSite().pass(
      minutes(60, (n) => ({
        invocations: 1,
        assessments: 30,
        ...(n >= 30 && n < 30 + messages && { assessments: 1_000, withoutConsensus: 1_000 }),
      })),
    );

    expect(site.raised).toEqual(new Set());
  });

  it('rolls back where scorers fail on and on, which takes a defect', () => {
    const site = new SimulatedSite().pass(
      minutes(15, () => ({ invocations: 1, assessments: 30, withoutConsensus: 3 })),
    );

    expect(site.raised).toEqual(new Set(['consensus-failure-rate', ROLLBACK]));
  });
});

it('nothing but what may roll back is in the rule of the alarm that does', () => {
  const [alarm] = DEPLOYED.definition.watch.compositeAlarms;
  const permitted = ROLLBACK_CAUSES.map((key) => `${metricsServiceName('dev')}-${key}`);

  expect(alarm?.rule.alarms.length).toBeGreaterThan(0);
  expect(permitted).toEqual(expect.arrayContaining([...(alarm?.rule.alarms ?? [])]));
});
