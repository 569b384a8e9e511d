import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../../../lib/intelligence/providers/circuit-breaker.ts';
import { fakeClock } from '../../factories/clock.ts';

function failTimes(circuit: CircuitBreaker, times: number): void {
  for (let n = 0; n < times; n++) circuit.failed();
}

describe('CircuitBreaker', () => {
  it('lets calls through while some succeed', () => {
    const circuit = new CircuitBreaker();
    for (let n = 0; n < 20; n++) {
      failTimes(circuit, 4);
      circuit.succeeded();
    }

    expect(circuit.admit(7)).toBe(7);
    expect(circuit.isOpen).toBe(false);
  });

  it('opens after five failures in a row, for half a minute', () => {
    const clock = fakeClock();
    const circuit = new CircuitBreaker(clock.now);
    failTimes(circuit, 5);

    expect(circuit.isOpen).toBe(true);
    expect(circuit.admit(3)).toBe(0);
    clock.advance(29_999);
    expect(circuit.admit(3)).toBe(0);
    clock.advance(1);
    expect(circuit.admit(3)).toBe(1);
  });

  it('lets one call try, and closes where it succeeds', () => {
    const clock = fakeClock();
    const circuit = new CircuitBreaker(clock.now);
    failTimes(circuit, 5);
    clock.advance(30_000);

    expect(circuit.admit(3)).toBe(1);
    expect(circuit.admit(3)).toBe(0);
    circuit.succeeded();
    expect(circuit.admit(3)).toBe(3);
    expect(circuit.isOpen).toBe(false);
  });

  it('lets another one try where the first was not made', () => {
    const clock = fakeClock();
    const circuit = new CircuitBreaker(clock.now);
    failTimes(circuit, 5);
    clock.advance(30_000);
    circuit.admit(1);
    circuit.abandoned();

    expect(circuit.admit(1)).toBe(1);
  });

  it('waits twice as long each time that fails too, up to five minutes', () => {
    const clock = fakeClock();
    const circuit = new CircuitBreaker(clock.now);
    failTimes(circuit, 5);
    const pauses: number[] = [];
    for (let n = 0; n < 6; n++) {
      let waitedMs = 0;
      while (circuit.admit(1) === 0) {
        clock.advance(10_000);
        waitedMs += 10_000;
      }
      pauses.push(waitedMs);
      circuit.failed();
    }

    expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  });

  it('is not kept open longer by calls that were under way', () => {
    const clock = fakeClock();
    const circuit = new CircuitBreaker(clock.now);
    failTimes(circuit, 20);
    clock.advance(30_000);

    expect(circuit.admit(1)).toBe(1);
  });
});
