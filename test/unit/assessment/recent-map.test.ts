import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentMap } from '../../../lib/assessment/recent-map.ts';

it('forgets what was not used for longest when it is full', () => {
  const map = new RecentMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.get('a');
  map.set('c', 3);

  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
});

it('holds the keys that were used last, whatever is set and asked for', () => {
  const key = fc.integer({ min: 0, max: 9 });
  const steps = fc.array(fc.record({ key, isSet: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), steps, (most, used) => {
      const map = new RecentMap<number, number>(most);
      let latest: number[] = [];
      for (const [n, step] of used.entries()) {
        const isKnown = latest.includes(step.key);
        if (step.isSet) map.set(step.key, n);
        else expect(map.get(step.key) !== undefined).toBe(isKnown);
        if (step.isSet || isKnown) latest = [...latest.filter((each) => each !== step.key), step.key];
        latest = latest.slice(-most);
        expect(map.size).toBe(latest.length);
      }
    }),
  );
});
