import { arnOf } from '../account.ts';
import type { CompositeAlarmDefinition, MetricAlarmDefinition } from '../template/service-definition.ts';
import type { AlarmState } from './alarm-state.ts';
import { evaluateAlarm } from './evaluate-alarm.ts';
import type { MetricStore } from './metric-store.ts';

export interface StateAt {
  readonly value: AlarmState;
  /** When it entered this state, epoch milliseconds. */
  readonly sinceMs: number;
  readonly reason: string;
  /** Names of the alarms that changed a composite one; empty for others. */
  readonly causes: readonly string[];
}

/** A change of an alarm's state. */
export interface AlarmChange {
  readonly alarm: MetricAlarmDefinition | CompositeAlarmDefinition;
  readonly previous: StateAt;
  readonly state: StateAt;
}

export interface AlarmWatchOptions {
  readonly alarms: readonly MetricAlarmDefinition[];
  readonly compositeAlarms: readonly CompositeAlarmDefinition[];
  readonly store: MetricStore;
}

/** Tracks the states of alarms; those of composite alarms follow from the others'. */
export class AlarmWatch {
  readonly #options: AlarmWatchOptions;
  readonly #states = new Map<string, StateAt>();

  constructor(options: AlarmWatchOptions) {
    this.#options = options;
  }

  /** @returns undefined if there is no alarm of that name */
  stateOf(name: string): StateAt | undefined {
    const exists = this.alarms.some((alarm) => alarm.name === name);
    return exists ? this.#current(name) : undefined;
  }

  /** All alarms, composite ones last. */
  get alarms(): readonly AlarmChange['alarm'][] {
    return [...this.#options.alarms, ...this.#options.compositeAlarms];
  }

  /** @returns the alarms whose state has changed by now, composite ones last */
  evaluate(nowMs: number): AlarmChange[] {
    const { alarms, store } = this.#options;
    const changes = alarms.flatMap((alarm) => {
      const value = evaluateAlarm(alarm, store, Math.floor(nowMs / 1000), this.#current(alarm.name).value);
      const reason = `${alarm.datapointsToAlarm} of ${alarm.evaluationPeriods} periods decide: ${value}`;
      return this.#changeTo(alarm, { value, sinceMs: nowMs, reason, causes: [] });
    });
    return [...changes, ...this.#followingFrom(changes, nowMs)];
  }

  /**
   * Sets the state of a metric alarm by hand, until its next evaluation.
   *
   * @returns the alarms whose state has changed, composite ones last; undefined if there is no such alarm
   */
  setState(name: string, value: AlarmState, reason: string, nowMs: number): AlarmChange[] | undefined {
    const alarm = this.#options.alarms.find((each) => each.name === name);
    if (alarm === undefined) return undefined;
    const changes = this.#changeTo(alarm, { value, sinceMs: nowMs, reason, causes: [] });
    return [...changes, ...this.#followingFrom(changes, nowMs)];
  }

  #followingFrom(others: readonly AlarmChange[], nowMs: number): AlarmChange[] {
    const changes = [...others];
    for (const alarm of this.#options.compositeAlarms) {
      const isMet = alarm.rule.isMet((name) => this.#current(name).value);
      const causes = changes.map((change) => change.alarm.name).filter((n) => alarm.rule.alarms.includes(n));
      const reason = `${causes.map((name) => arnOf('cloudwatch', `alarm:${name}`)).join(', ')} changed`;
      const value = isMet ? 'ALARM' : 'OK';
      changes.push(...this.#changeTo(alarm, { value, sinceMs: nowMs, reason, causes }));
    }
    return changes.slice(others.length);
  }

  #changeTo(alarm: AlarmChange['alarm'], state: StateAt): AlarmChange[] {
    const previous = this.#current(alarm.name);
    if (state.value === previous.value) return [];
    this.#states.set(alarm.name, state);
    return [{ alarm, previous, state }];
  }

  #current(name: string): StateAt {
    return this.#states.get(name) ?? NEVER_EVALUATED;
  }
}

const NEVER_EVALUATED: StateAt = {
  value: 'INSUFFICIENT_DATA',
  sinceMs: 0,
  reason: 'Unchecked: Initial alarm creation',
  causes: [],
};
