import { describe, expect, it } from 'vitest';
import { planMessage } from '../../../lib/assessment/plan-message.ts';
import { readRows } from '../../../lib/store/stored-rows.ts';
import { traffic } from '../../bench/records.ts';
import { queueCost, writeCost } from '../../bench/tuning/estimate.ts';
import { LAYOUTS, withText } from '../../bench/tuning/layouts.ts';
import { planOptions } from '../../factories/messages.ts';

const body = [...traffic({ records: 400, addresses: 10 })].map(({ text }) => text).join('\n');
const { items } = planMessage({ messageId: 'message', body, sentAtMs: 0 }, planOptions());

describe('layouts', () => {
  it('start from the connections as text, whatever is stored', () => {
    const rows = items.flatMap(({ verdicts }) =>
      verdicts.flatMap(({ connections }) => readRows(connections)),
    );
    const texts = items
      .map(withText)
      .flatMap(({ verdicts }) => verdicts.map(({ connections }) => connections));

    expect(rows).toHaveLength(400);
    expect(texts.map(String).join('\n').split('\n')).toEqual(rows);
  });

  it('cost what the writes cost that they take', () => {
    const costs = new Map(
      LAYOUTS.map(({ name, itemsOf }) => [
        name,
        writeCost(items.map(withText).flatMap((item) => itemsOf(item))),
      ]),
    );

    const text = costs.get('connections as text') ?? 0;
    const shipped = costs.get('connections by zlib, level 1') ?? 0;
    expect(writeCost(items)).toBeCloseTo(shipped, 9);
    expect(shipped).toBeLessThan(text * 0.8);
    expect(costs.get('text, an item a connection')).toBeGreaterThan(text * 2);
  });
});

describe('queueCost', () => {
  it('charges each started 64 KB when it is sent and received, and one deletion a batch', () => {
    expect(queueCost([])).toBe(0);
    expect(queueCost(['x'.repeat(65_537)])).toBeCloseTo(5 * 0.4e-6, 12);
  });
});
