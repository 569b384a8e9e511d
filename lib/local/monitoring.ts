import type { AlarmState } from './alarms/alarm-state.ts';
import { type AlarmChange, AlarmWatch } from './alarms/alarm-watch.ts';
import { invocationMetrics, type QueueFigures, queueMetrics, ruleMetrics } from './alarms/aws-metrics.ts';
import { type MetricDatum, readEmbeddedMetrics } from './alarms/embedded-metrics.ts';
import { MetricStore } from './alarms/metric-store.ts';
import { type Notification, notificationsOf } from './alarms/notifications.ts';
import { stateChangeEvent } from './alarms/state-change-event.ts';
import type { ParameterChange } from './emulators/parameter-store.ts';
import { messageOf } from './errors.ts';
import { EventRouter, type TargetServices } from './events/event-router.ts';
import { parameterChangeEvent } from './events/parameter-change-event.ts';
import { RuleSchedules } from './events/rule-schedules.ts';
import type { InvocationOutcome } from './runtime/execution-environment.ts';
import type { WatchDefinition } from './template/service-definition.ts';

export interface MonitoringOptions {
  readonly definition: WatchDefinition;
  /** Clock for alarms and schedules, epoch milliseconds; the system's by default. */
  readonly clock?: (() => number) | undefined;
  readonly onNotification: (notification: Notification) => void;
  readonly onProblem: (line: string) => void;
}

/** Services that only exist once the stack runs. */
export interface WatchedService {
  /** Names of the queues to measure. */
  readonly queues: readonly string[];
  readonly figuresOf: (queueName: string) => QueueFigures;
  /** The targets of rules. */
  readonly targets: TargetServices;
}

/** An action taken when an alarm's state changed. */
export interface AlarmAction {
  readonly alarm: string;
  /** ARN of the notified topic. */
  readonly topic: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** CloudWatch keeps them for 30 days; this many are enough to see what just happened. */
const ACTIONS_KEPT = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Longer than any alarm looks back. */
const KEPT_SECONDS = 6 * 3_600;

/**
 * CloudWatch and EventBridge of a deployment: stores metrics, evaluates alarms, notifies topics of their changes, and
 * delivers events to the targets of rules: changes of alarms and parameters, schedules, and events that clients put on
 * buses.
 */
export class Monitoring {
  readonly watch: AlarmWatch;
  readonly #options: MonitoringOptions;
  /** All metrics so far. */
  readonly metrics = new MetricStore();
  readonly #actions: AlarmAction[] = [];
  readonly #now: () => number;
  #service: WatchedService | undefined;
  #router: EventRouter | undefined;
  readonly #schedules: RuleSchedules;
  #timer: NodeJS.Timeout | undefined;
  /** Resolves when the effects of all events so far are complete. */
  #consequences: Promise<void> = Promise.resolve();

  constructor(options: MonitoringOptions) {
    this.#options = options;
    this.#now = options.clock ?? Date.now;
    const { alarms, compositeAlarms } = options.definition;
    this.watch = new AlarmWatch({ alarms, compositeAlarms, store: this.metrics });
    this.#schedules = new RuleSchedules(options.definition.rules);
  }

  /** Extracts the metrics from a function's log line. */
  readLogLine(line: string): void {
    // The function uses the system's clock, whatever the alarms' clock says.
    const offsetMs = this.#now() - Date.now();
    for (const datum of readEmbeddedMetrics(line)) {
      this.metrics.put({ ...datum, timestampMs: datum.timestampMs + offsetMs });
    }
  }

  countInvocation(functionName: string, outcome: InvocationOutcome): void {
    this.#putAll(invocationMetrics(functionName, outcome), this.#now());
  }

  /** Passes a parameter's change to the rules; ignored before the start. */
  parameterChanged(change: ParameterChange): void {
    this.#deliver('default', [parameterChangeEvent(change, this.#now())]);
  }

  /** Passes a client's event to the rules of its bus. */
  eventPut(bus: string, event: object): void {
    this.#deliver(bus, [event]);
  }

  /**
   * Starts monitoring: alarms get their first states without notifications. They are then evaluated, and schedules
   * checked, each minute, unless the caller provides the clock.
   */
  start(service: WatchedService): void {
    this.#service = service;
    this.#router = new EventRouter({
      rules: this.#options.definition.rules,
      services: service.targets,
      onAttempt: (rule, attempt) => this.#putAll(ruleMetrics(rule, attempt), this.#now()),
      onProblem: this.#options.onProblem,
    });
    this.#putEarlierRuns();
    this.watch.evaluate(this.#now());
    this.#schedules.start(this.#now());
    const { clock, onProblem } = this.#options;
    if (clock !== undefined) return;
    const evaluate = () =>
      this.evaluate().catch((error) => onProblem(`Alarms were not evaluated: ${messageOf(error)}`));
    this.#timer = setInterval(evaluate, MINUTE_MS).unref();
  }

  /**
   * Simulates a deployment that has run for hours: scheduled functions have run, so no alarm finds their metrics
   * missing.
   */
  #putEarlierRuns(): void {
    const nowMs = this.#now();
    for (const { everySeconds, targets } of this.#options.definition.rules) {
      for (const target of everySeconds === undefined ? [] : targets) {
        if (target.kind !== 'function') continue;
        const [runs] = invocationMetrics(target.function.name, {
          status: 'returned',
          response: null,
          durationMs: 0,
        });
        for (let ageMs = HOUR_MS; runs !== undefined && ageMs < KEPT_SECONDS * 1_000; ageMs += HOUR_MS) {
          this.#putAll([runs], nowMs - ageMs);
        }
      }
    }
  }

  /** Evaluates all alarms and runs what is due; resolves when all effects are complete. */
  async evaluate(): Promise<void> {
    const nowMs = this.#now();
    // Timed just before now, so that figures belong to the minute that ends now.
    for (const queue of this.#service?.queues ?? []) {
      const figures = this.#service?.figuresOf(queue);
      if (figures !== undefined) this.#putAll(queueMetrics(queue, figures), nowMs - 1);
    }
    this.metrics.forgetBefore(nowMs / 1000 - KEPT_SECONDS);

    this.#follow(this.watch.evaluate(nowMs));
    this.#deliver('default', this.#schedules.due(nowMs));
    await this.#settled();
  }

  /**
   * Sets the state of a metric alarm by hand, with all its effects, until its next evaluation.
   *
   * @returns whether there is such an alarm
   */
  setAlarmState(name: string, value: AlarmState, reason: string): boolean {
    const changes = this.watch.setState(name, value, reason, this.#now());
    this.#follow(changes ?? []);
    return changes !== undefined;
  }

  /** Actions taken by alarms, latest last. */
  get actions(): readonly AlarmAction[] {
    return this.#actions;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#service = undefined;
    const router = this.#router;
    this.#router = undefined;
    await router?.stop();
    await this.#settled();
  }

  #follow(changes: readonly AlarmChange[]): void {
    for (const change of changes) {
      for (const notification of notificationsOf(change)) {
        const { alarm, state } = change;
        this.#actions.push({ alarm: alarm.name, topic: notification.topic, atMs: state.sinceMs });
        this.#options.onNotification(notification);
      }
    }
    this.#actions.splice(0, this.#actions.length - ACTIONS_KEPT);
    this.#deliver(
      'default',
      changes.map((change) => stateChangeEvent(change, this.watch)),
    );
  }

  /** Events are handled one at a time. */
  #deliver(bus: string, events: readonly object[]): void {
    this.#consequences = this.#consequences.then(async () => {
      for (const event of events) await this.#router?.deliver(bus, event);
    });
  }

  /** Resolves when no event is being handled; handling one may cause others. */
  async #settled(): Promise<void> {
    let seen: Promise<void> | undefined;
    while (seen !== this.#consequences) {
      seen = this.#consequences;
      await seen;
    }
  }

  #putAll(data: readonly Omit<MetricDatum, 'timestampMs'>[], timestampMs: number): void {
    for (const datum of data) this.metrics.put({ ...datum, timestampMs });
  }
}
