import { setTimeout as delay } from 'node:timers/promises';
import { arnOf } from '../account.ts';
import { messageOf } from '../errors.ts';
import type { EventRuleDefinition, EventTargetDefinition } from '../template/service-definition.ts';
import { callApiDestination } from './api-destination.ts';
import type { Secrets } from './secrets.ts';

/** Services that only exist once the stack runs. */
export interface TargetServices {
  readonly invoke: (functionName: string, event: object) => Promise<void>;
  readonly send: (
    queueName: string,
    body: string,
    attributes?: Readonly<Record<string, string>>,
  ) => Promise<void>;
  readonly publish: (topic: string, message: string) => void;
  readonly secrets: Secrets;
}

export interface EventRouterOptions {
  readonly rules: readonly EventRuleDefinition[];
  readonly services: TargetServices;
  /** Called for each attempt to deliver an event. */
  readonly onAttempt: (ruleName: string, attempt: 'delivered' | 'failed' | 'given_up') => void;
  readonly onProblem: (line: string) => void;
  /** Milliseconds before the first retry; each later one waits twice as long. */
  readonly firstRetryMs?: number;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

interface Attempt {
  readonly isDelivered: boolean;
  readonly mayBeRetried: boolean;
  readonly reason: string;
}

const DELIVERED: Attempt = { isDelivered: true, mayBeRetried: false, reason: '' };

/**
 * Delivers events to the targets of matching rules, like EventBridge: a failed attempt is retried for as long as the
 * rule says, and an event that is given up goes to the target's dead-letter queue. Source: EventBridge User Guide, "How
 * EventBridge retries delivering events" and "Using dead-letter queues".
 */
export class EventRouter {
  readonly #options: EventRouterOptions;
  readonly #stopped = new AbortController();
  readonly #pending = new Set<Promise<void>>();

  constructor(options: EventRouterOptions) {
    this.#options = options;
  }

  /** Resolves after the first attempt for each target; retries continue in the background. */
  async deliver(bus: string, event: object): Promise<void> {
    const matching = this.#options.rules.filter((rule) => rule.bus === bus && rule.pattern(event));
    for (const rule of matching) {
      for (const target of rule.targets) await this.#deliverTo(rule, target, event);
    }
  }

  /** Ends retries: events not delivered by now are lost. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#pending);
  }

  async #deliverTo(rule: EventRuleDefinition, target: EventTargetDefinition, event: object): Promise<void> {
    const startedAtMs = Date.now();
    const first = await this.#attempt(rule, target, event);
    if (first.isDelivered) return;
    const repeating = this.#repeat(rule, target, event, first, startedAtMs).catch((error: unknown) =>
      this.#options.onProblem(`An event of ${rule.name} was lost: ${messageOf(error)}`),
    );
    this.#pending.add(repeating);
    repeating.finally(() => this.#pending.delete(repeating));
  }

  async #repeat(
    rule: EventRuleDefinition,
    target: EventTargetDefinition,
    event: object,
    first: Attempt,
    startedAtMs: number,
  ): Promise<void> {
    const { firstRetryMs = FIRST_RETRY_MS } = this.#options;
    let latest = first;
    let retries = 0;
    while (latest.mayBeRetried && retries < target.retryAttempts) {
      const waitMs = Math.min(firstRetryMs * 2 ** retries, LONGEST_RETRY_MS);
      if (Date.now() + waitMs - startedAtMs > target.maximumAgeSeconds * 1_000) break;
      const isStopped = await delay(waitMs, false, { signal: this.#stopped.signal, ref: false }).catch(
        () => true,
      );
      if (isStopped) return;
      retries++;
      latest = await this.#attempt(rule, target, event);
      if (latest.isDelivered) return;
    }
    this.#options.onAttempt(rule.name, 'given_up');
    this.#options.onProblem(`An event of ${rule.name} was given up: ${latest.reason}`);
    if (target.failures === undefined) return;
    // Source: EventBridge User Guide, "Using dead-letter queues to process undelivered events".
    await this.#options.services.send(target.failures, JSON.stringify(event), {
      RULE_ARN: arnOf('events', `rule/${rule.bus === 'default' ? '' : `${rule.bus}/`}${rule.name}`),
      TARGET_ARN: target.arn,
      ERROR_CODE: target.kind === 'api' ? 'SDK_CLIENT_ERROR' : 'INTERNAL_ERROR',
      ERROR_MESSAGE: latest.reason,
      RETRY_ATTEMPTS: String(retries),
    });
  }

  async #attempt(rule: EventRuleDefinition, target: EventTargetDefinition, event: object): Promise<Attempt> {
    const attempt = await this.#call(target, event).catch(
      (error: unknown): Attempt => ({ isDelivered: false, mayBeRetried: true, reason: messageOf(error) }),
    );
    this.#options.onAttempt(rule.name, attempt.isDelivered ? 'delivered' : 'failed');
    return attempt;
  }

  async #call(target: EventTargetDefinition, event: object): Promise<Attempt> {
    const { services } = this.#options;
    const input = target.input(event);
    switch (target.kind) {
      case 'function':
        await services.invoke(target.function.name, JSON.parse(input) as object);
        return DELIVERED;
      case 'queue':
        await services.send(target.queueName, input);
        return DELIVERED;
      case 'topic':
        services.publish(target.arn, input);
        return DELIVERED;
      case 'api': {
        const outcome = await callApiDestination(target.destination, input, services.secrets);
        return outcome.status === 'delivered' ? DELIVERED : { isDelivered: false, ...outcome };
      }
    }
  }
}
