import { describe, expect, it } from 'vitest';
import { planMessage } from '../../../lib/assessment/plan-message.ts';
import { withStoredText } from '../../../lib/store/stored-text.ts';
import { traffic } from '../../bench/records.ts';
import { queueCost, writeCost } from '../../bench/tuning/estimate.ts';
import { keyedContent, LAYOUTS, SHIPPED } from '../../bench/tuning/layouts.ts';
import { planOptions, queuedMessage } from '../../factories/messages.ts';

const body = [...traffic({ records: 400, addresses: 10 })].map(({ text }) => text).join('\n');
const { items } = planMessage(queuedMessage({ body, sentAtMs: 0 }), planOptions());

describe('layouts', () => {
  it('cost what the writes cost that they take', () => {
    const costs = new Map(
      LAYOUTS.map(({ name, itemsOf }) => [
        name,
        writeCost(items.map(keyedContent).flatMap((item) => itemsOf(item))),
      ]),
    );

    const text = costs.get('one text') ?? 0;
    const shipped = costs.get(SHIPPED) ?? 0;
    expect(writeCost(items.map(withStoredText))).toBeCloseTo(shipped, 9);
    expect(shipped).toBeLessThan(text * 0.8);
    expect(costs.get('the same, an item a connection')).toBeGreaterThan(shipped * 2);
  });
});

describe('queueCost', () => {
  it('charges each started 64 KB when it is sent and received, and one deletion a batch', () => {
    expect(queueCost([])).toBe(0);
    expect(queueCost(['x'.repeat(65_537)])).toBeCloseTo(5 * 0.4e-6, 12);
  });
});
