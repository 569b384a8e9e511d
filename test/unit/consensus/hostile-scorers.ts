import fc from 'fast-check';
import { MOST_FEATURES } from '../../../lib/consensus/check-vote.ts';

export const VALID = {
  score: 0.5,
  confidence: 0.25,
  reasoning: 'fixed',
  features: { one: 1, none: 0, minus: -2.5 },
};

export function featuresOf(count: number, nameLength = 8): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n}`.padEnd(nameLength, 'x'), n]));
}

/** Answers of every kind: votes with one wrong field, and values unrelated to votes. */
const anything = fc.anything({
  maxDepth: 3,
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
});
const odd = fc.oneof(
  anything,
  fc.constantFrom<unknown>(
    Symbol('odd'),
    () => 1,
    'x'.repeat(2_000_000),
    '\ud800'.repeat(1_000),
    '\u0000'.repeat(1_000),
    featuresOf(MOST_FEATURES + 1),
    Number.NaN,
    Number.MIN_VALUE,
  ),
);
const features = fc.oneof(
  odd,
  fc.dictionary(
    fc.oneof(
      fc.string(),
      fc.constantFrom('__proto__', 'toJSON', 'constructor', '\u0001'.repeat(64), 'x'.repeat(65)),
    ),
    fc.oneof({ weight: 5, arbitrary: fc.double() }, { weight: 1, arbitrary: odd }),
  ),
);
const votes = fc.record(
  {
    score: fc.oneof(
      { weight: 5, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
      { weight: 1, arbitrary: odd },
    ),
    confidence: fc.oneof({ weight: 5, arbitrary: fc.constant(0.5) }, { weight: 1, arbitrary: odd }),
    reasoning: fc.oneof({ weight: 5, arbitrary: fc.string() }, { weight: 2, arbitrary: odd }),
    features,
    toJSON: fc.constant(() => 1n),
    // biome-ignore lint/suspicious/noThenProperty: this is what is tested
    then: odd,
  },
  { requiredKeys: ['score', 'confidence', 'reasoning', 'features'] },
);
const disguises: ReadonlyArray<(answer: unknown) => unknown> = [
  (answer) => answer,
  (answer) => Promise.resolve(answer),
  (answer) => Promise.reject(answer),
  (answer) => Object.assign(Promise.reject(answer), VALID),
  (answer) => Object.defineProperty(Promise.reject(answer), 'then', { get: throwing(answer) }),
  (answer) => Object.defineProperty(Promise.reject(answer), 'score', { get: throwing(answer) }),
  (answer) => {
    throw answer;
  },
  (answer) => {
    throw Promise.reject(answer);
  },
  (answer) => new Proxy(Object(answer), {}),
  (answer) => Proxy.revocable(Object(answer), {}),
  (answer) => revoked(answer),
  (answer) => ({ ...VALID, features: revoked(answer) }),
  (answer) => ({
    ...VALID,
    features: Object.defineProperty({}, 'got', { enumerable: true, get: () => answer }),
  }),
  (answer) => Object.create(Object(answer)),
  (answer) => Object.assign(() => answer, VALID),
  (answer) => {
    const cycle: Record<string, unknown> = { ...VALID, extra: answer };
    cycle.features = cycle;
    return cycle;
  },
];
/** Anything a scorer may do, from a valid vote to nonsense. */
export const deeds = fc.tuple(fc.oneof(odd, votes), fc.constantFrom(...disguises)).map(
  ([answer, disguise]) =>
    () =>
      disguise(answer),
);

function throwing(thrown: unknown): () => never {
  return () => {
    throw thrown;
  };
}

function revoked(value: unknown): unknown {
  const { proxy, revoke } = Proxy.revocable(Object(value), {});
  revoke();
  return proxy;
}
