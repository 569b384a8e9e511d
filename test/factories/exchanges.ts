import type { Exchange } from '../../lib/activity/exchange.ts';

/** An unanswered connection from outside to port 23 of a local host. */
export function exchange(overrides: Partial<Exchange> = {}): Exchange {
  return {
    remote: '203.0.113.9',
    isInbound: true,
    local: '10.0.0.1',
    port: 23,
    protocol: 'tcp',
    at: 1_700_000_000,
    outcome: 'unanswered',
    duration: undefined,
    sent: undefined,
    received: undefined,
    ...overrides,
  };
}

/** An answered connection from inside to a web server. */
export function call(overrides: Partial<Exchange> = {}): Exchange {
  return exchange({
    isInbound: false,
    port: 443,
    outcome: 'answered',
    duration: 0.4,
    sent: 600,
    received: 300,
    ...overrides,
  });
}

/** Connections that follow one another after so many seconds. */
export function series(count: number, seconds: number, each: (n: number) => Partial<Exchange>): Exchange[] {
  return Array.from({ length: count }, (_, n) => exchange({ at: 1_700_000_000 + n * seconds, ...each(n) }));
}
