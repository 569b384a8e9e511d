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
  /** Time by which alarms are evaluated and schedules run, epoch milliseconds; without, the system's. */
  readonly clock?: (() => number) | undefined;
  readonly onNotification: (notification: Notification) => void;
  readonly onProblem: (line: string) => void;
}

/** What exists only once the service runs. */
export interface WatchedService {
  /** Names of the queues that are looked at. */
  readonly queues: readonly string[];
  readonly figuresOf: (queueName: string) => QueueFigures;
  /** What events lead to. */
  readonly targets: TargetServices;
}

/** What an alarm did when its state changed. */
export interface AlarmAction {
  readonly alarm: string;
  /** ARN of the topic that was notified. */
  readonly topic: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** CloudWatch keeps them for 30 days; those of so many changes are enough to look at what just happened. */
const ACTIONS_KEPT = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Longer than any alarm looks back. */
const KEPT_SECONDS = 6 * 3_600;

/**
 * What CloudWatch and EventBridge are to a deployment: keeps metrics, evaluates alarms, notifies topics of their changes,
 * and delivers events - changes of alarms and parameters, schedules, what clients put on buses - to the targets of rules.
 */
export class Monitoring {
  readonly watch: AlarmWatch;
  readonly #options: MonitoringOptions;
  /** What was measured so far. */
  readonly metrics = new MetricStore();
  readonly #actions: AlarmAction[] = [];
  readonly #now: () => number;
  #service: WatchedService | undefined;
  #router: EventRouter | undefined;
  readonly #schedules: RuleSchedules;
  #timer: NodeJS.Timeout | undefined;
  /** What the events so far have set off. */
  #consequences: Promise<void> = Promise.resolve();

  constructor(options: MonitoringOptions) {
    this.#options = options;
    this.#now = options.clock ?? Date.now;
    const { alarms, compositeAlarms } = options.definition;
    this.watch = new AlarmWatch({ alarms, compositeAlarms, store: this.metrics });
    this.#schedules = new RuleSchedules(options.definition.rules);
  }

  /** Takes the metrics out of what a function printed. */
  readLogLine(line: string): void {
    // The function's clock is the system's, whatever time it is for the alarms.
    const offsetMs = this.#now() - Date.now();
    for (const datum of readEmbeddedMetrics(line)) {
      this.metrics.put({ ...datum, timestampMs: datum.timestampMs + offsetMs });
    }
  }

  countInvocation(functionName: string, outcome: InvocationOutcome): void {
    this.#putAll(invocationMetrics(functionName, outcome), this.#now());
  }

  /** Has rules see the change; before the start there are none. */
  parameterChanged(change: ParameterChange): void {
    this.#deliver('default', [parameterChangeEvent(change, this.#now())]);
  }

  /** Has the rules of a bus see an event that a client put there. */
  eventPut(bus: string, event: object): void {
    this.#deliver(bus, [event]);
  }

  /**
   * Begins to watch: alarms come to their first states, of which nobody is notified. They are then evaluated, and
   * schedules looked at, each minute, unless the clock is the caller's.
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

  /** As in a deployment that has stood for hours: functions on a schedule have run, and no alarm misses them. */
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

  /** Evaluates all alarms and runs what is due; resolves when what that sets off has been done. */
  async evaluate(): Promise<void> {
    const nowMs = this.#now();
    // Just before now, so that figures are of the minute that ends now.
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
   * Sets the state of an alarm that is not composite by hand, with all that follows from it, until it is evaluated again.
   *
   * @returns whether there is such an alarm
   */
  setAlarmState(name: string, value: AlarmState, reason: string): boolean {
    const changes = this.watch.setState(name, value, reason, this.#now());
    this.#follow(changes ?? []);
    return changes !== undefined;
  }

  /** What alarms did when their state changed, the latest last. */
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

  /** One event is handled after the other. */
  #deliver(bus: string, events: readonly object[]): void {
    this.#consequences = this.#consequences.then(async () => {
      for (const event of events) await this.#router?.deliver(bus, event);
    });
  }

  /** Resolves when no event is being handled: what handles one may cause others. */
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
