import { arnOf } from '../account.ts';
import type { CompositeAlarmDefinition, MetricAlarmDefinition } from '../template/service-definition.ts';
import type { AlarmState } from './alarm-state.ts';
import { evaluateAlarm } from './evaluate-alarm.ts';
import type { MetricStore } from './metric-store.ts';

export interface StateAt {
  readonly value: AlarmState;
  /** When it came to this state, epoch milliseconds. */
  readonly sinceMs: number;
  readonly reason: string;
  /** Alarms that made a composite one change, by name; empty for others. */
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

/** Knows the states of alarms; those of composite ones follow from the others'. */
export class AlarmWatch {
  readonly #options: AlarmWatchOptions;
  readonly #states = new Map<string, StateAt>();

  constructor(options: AlarmWatchOptions) {
    this.#options = options;
  }

  /** @returns undefined where there is no alarm of that name */
  stateOf(name: string): StateAt | undefined {
    const { alarms, compositeAlarms } = this.#options;
    const exists = [...alarms, ...compositeAlarms].some((alarm) => alarm.name === name);
    return exists ? this.#current(name) : undefined;
  }

  /** @returns the alarms whose state has changed by now, composite ones last */
  evaluate(nowMs: number): AlarmChange[] {
    const { alarms, compositeAlarms, store } = this.#options;
    const changes: AlarmChange[] = [];
    for (const alarm of alarms) {
      const value = evaluateAlarm(alarm, store, Math.floor(nowMs / 1000), this.#current(alarm.name).value);
      const reason = `${alarm.datapointsToAlarm} of ${alarm.evaluationPeriods} periods decide: ${value}`;
      changes.push(...this.#changeTo(alarm, { value, sinceMs: nowMs, reason, causes: [] }));
    }
    for (const alarm of compositeAlarms) {
      const isMet = alarm.rule.isMet((name) => this.#current(name).value);
      const causes = changes.map((change) => change.alarm.name).filter((n) => alarm.rule.alarms.includes(n));
      const reason = `${causes.map((name) => arnOf('cloudwatch', `alarm:${name}`)).join(', ')} changed`;
      const value = isMet ? 'ALARM' : 'OK';
      changes.push(...this.#changeTo(alarm, { value, sinceMs: nowMs, reason, causes }));
    }
    return changes;
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
