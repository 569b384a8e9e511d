import { describe, expect, it } from 'vitest';
import { costOf, costParts } from '../../../../lib/local/metering/cost.ts';
import { metricsCost, monthlyCost } from '../../../../lib/local/metering/monthly-cost.ts';
import { UsageMeter } from '../../../../lib/local/metering/usage.ts';
import { readTemplates, type Template } from '../../../../lib/local/template/template.ts';
import { SYNTHESIZED } from '../../../fixtures/deployed-service.ts';

const alarm = (Properties: object) => ({ Type: 'AWS::CloudWatch::Alarm', Properties, Metadata: {} });

function template(resources: readonly object[]): Template {
  const Resources = Object.fromEntries(resources.map((resource, n) => [`R${n}`, resource]));
  return { stackName: 'stack', Resources, Outputs: {} } as Template;
}

describe('monthlyCost', () => {
  it('counts each metric that an alarm looks at', () => {
    const math = {
      Metrics: [{ Expression: 'a / b' }, { MetricStat: { Period: 300 } }, { MetricStat: { Period: 300 } }],
    };

    expect(monthlyCost([template([alarm({ Period: 60 }), alarm(math), alarm({ Period: 10 })])])).toEqual([
      { name: 'metrics that alarms look at', count: 3, usd: expect.closeTo(0.3) },
      { name: 'the same, high resolution', count: 1, usd: expect.closeTo(0.3) },
    ]);
  });

  it('adds up what is deployed', () => {
    const costs = monthlyCost(readTemplates(SYNTHESIZED));

    const byName = new Map(costs.map(({ name, count }) => [name, count]));
    expect(byName.get('dashboards')).toBe(1);
    expect(byName.get('composite alarms')).toBe(1);
    expect(byName.get('encryption keys')).toBe(1);
    expect(byName.get('metrics that alarms look at')).toBeGreaterThan(10);
    // Five polls of 20 s each around the clock, for the queues of records, log files and announcements.
    expect(byName.get('polls of an empty queue')).toBe(3 * 657_000);
    expect(costs.reduce((sum, { usd }) => sum + usd, 0)).toBeLessThan(13);
  });

  it('has metrics by the month', () => {
    expect(metricsCost(40)).toMatchObject({ count: 40, usd: 12 });
  });
});

describe('costParts', () => {
  it('charges usage part by part, polls of an empty queue left out', () => {
    const meter = new UsageMeter(1024);
    meter.addWriteUnits({ table: 3_000_000, indexes: 1_000_000 });
    meter.addReadUnits(2_000_000);
    meter.countSqsRequest('SendMessage', 1_000_000, false);
    meter.countSqsRequest('ReceiveMessage', 1, true);
    meter.countInvocation(1_000_000, false);
    for (let event = 0; event < 1_000; event++) meter.countEvent(100);
    meter.addLogBytes(2_000_000_000 - 290);

    const parts = costParts(meter.read());

    expect(parts).toEqual({
      tableWrites: expect.closeTo(1.875),
      indexWrites: expect.closeTo(0.625),
      tableReads: expect.closeTo(0.25),
      queueRequests: expect.closeTo(0.4),
      invocations: expect.closeTo(0.2e-6),
      computing: expect.closeTo(0.0133334),
      events: expect.closeTo(0.001),
      logs: expect.closeTo(1),
    });
    expect(costOf(meter.read())).toBeCloseTo(4.1643);
  });
});
