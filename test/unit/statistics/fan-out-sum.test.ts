import { describe, expect, it } from 'vitest';
import type { FanOut } from '../../../lib/activity/fan-out.ts';
import { FanOutSum } from '../../../lib/statistics/fan-out-sum.ts';

function fanOut(overrides: Partial<FanOut> = {}): FanOut {
  return {
    host: '10.0.0.66',
    pattern: 'sweep',
    connections: 100,
    unanswered: 90,
    addresses: 80,
    ports: 1,
    port: 445,
    protocol: 'tcp',
    ...overrides,
  };
}

function sumOf(...units: readonly (readonly FanOut[])[]): FanOut[] {
  const sum = new FanOutSum();
  for (const unit of units) sum.add(unit);
  return sum.busiest;
}

describe('the sum of fan-outs', () => {
  it('is nothing of nothing', () => {
    expect(sumOf([], [])).toEqual([]);
  });

  it('adds connections of a host, and keeps the most targets of any unit', () => {
    const larger = fanOut({
      connections: 50,
      unanswered: 50,
      addresses: 2,
      ports: 300,
      pattern: 'scan',
      port: 22,
    });

    expect(sumOf([fanOut()], [larger])).toEqual([
      fanOut({ connections: 150, unanswered: 140, ports: 300, pattern: 'scan', port: 22 }),
    ]);
    expect(sumOf([larger], [fanOut()])).toEqual(sumOf([fanOut()], [larger]));
  });

  it('names the busiest hosts, at most twenty', () => {
    const hosts = Array.from({ length: 30 }, (_, n) => fanOut({ host: `10.0.0.${n}`, unanswered: 30 + n }));

    const busiest = sumOf(hosts);

    expect(busiest).toHaveLength(20);
    expect(busiest[0]?.host).toBe('10.0.0.29');
  });
});
