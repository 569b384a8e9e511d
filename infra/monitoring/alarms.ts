import { Duration } from 'aws-cdk-lib';
import { type AlarmBase, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import {
  type AlarmFactory,
  type AlarmWithAnnotation,
  type CustomAlarmThreshold,
  DefaultDashboardFactory,
  type MetricWithAlarmSupport,
  MonitoringFacade,
  multipleActions,
  notifySns,
} from 'cdk-monitoring-constructs';
import type { Construct } from 'constructs';
import { METRICS_NAMESPACE, metricsServiceName } from '../../lib/telemetry/metric-names.ts';
import type { Environment } from '../environment.ts';
import { ALARMS, type AlarmKey } from './alarm-catalogue.ts';
import type { Pace } from './pace.ts';
import { runbookLink } from './runbook-link.ts';

export interface AlarmProps {
  readonly metric: MetricWithAlarmSupport;
  readonly threshold: number;
  /** Greater than, by default. */
  readonly comparisonOperator?: ComparisonOperator;
  /** Not breaching, by default. */
  readonly missingData?: TreatMissingData;
  /** The catalogue's, by default. */
  readonly pace?: Pace;
}

/**
 * All alarms of a deployment, our own and those of the library's standard monitoring, made alike: with the catalogue's
 * text and pace, and with ALARM and OK reported to all topics. INSUFFICIENT_DATA is not reported, since no alarm here
 * enters it once it was evaluated.
 */
export class Alarms {
  /** The library's facade; its alarms take {@link like} as their settings. */
  readonly facade: MonitoringFacade;
  readonly #factory: AlarmFactory;
  readonly #own: AlarmWithAnnotation[] = [];
  readonly #environment: Environment;
  readonly #service: string;

  /** @param topics where they are reported; an alarm allows five actions */
  constructor(scope: Construct, id: string, environment: Environment, topics: readonly ITopic[]) {
    this.#environment = environment;
    this.#service = metricsServiceName(environment.name);
    this.facade = new MonitoringFacade(scope, id, {
      metricFactoryDefaults: { namespace: METRICS_NAMESPACE },
      alarmFactoryDefaults: {
        alarmNamePrefix: this.#service,
        actionsEnabled: true,
        action: multipleActions(...topics.map((topic) => notifySns(topic, topic))),
      },
      // The dashboard is laid out by hand, with the most important graphs first.
      dashboardFactory: new DefaultDashboardFactory(scope, `${id}NoDashboards`, {
        dashboardNamePrefix: this.#service,
        createDashboard: false,
      }),
    });
    this.#factory = this.facade.createAlarmFactory('');
  }

  add(
    key: AlarmKey,
    { metric, threshold, comparisonOperator, missingData = MISSING_DATA, pace }: AlarmProps,
  ): void {
    const { alarmDescriptionOverride: alarmDescription = '', ...alike } = this.like(key, pace);
    this.#own.push(
      this.#factory.addAlarm(metric, {
        ...alike,
        alarmNameSuffix: key,
        alarmDescription,
        threshold,
        comparisonOperator: comparisonOperator ?? ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: missingData,
      }),
    );
  }

  /** Settings for the library's alarms, so that they are like ours. */
  like(key: AlarmKey, pace: Pace = ALARMS[key].pace): CustomAlarmThreshold {
    const { description } = ALARMS[key];
    const { periodMinutes, datapointsToAlarm, evaluationPeriods } = pace;
    return {
      // The name is the subject of the mail, and what operators search for.
      alarmNameOverride: `${this.#service}-${key}`,
      alarmDescriptionOverride: description,
      runbookLink: runbookLink(this.#environment, key),
      treatMissingDataOverride: MISSING_DATA,
      period: Duration.minutes(periodMinutes),
      datapointsToAlarm,
      evaluationPeriods,
      customTags: [key],
    };
  }

  /** In the order of the catalogue. */
  all(): AlarmBase[] {
    const byKey = this.#byKey();
    const keys = Object.keys(ALARMS) as AlarmKey[];
    return keys.flatMap((key) => byKey.get(key)?.alarm ?? []);
  }

  /** Whether the environment has an alarm: some are optional. */
  has(key: AlarmKey): boolean {
    return this.#byKey().has(key);
  }

  /** For drawing thresholds into widgets. */
  get(key: AlarmKey): AlarmWithAnnotation {
    const alarm = this.#byKey().get(key);
    if (alarm === undefined) throw new Error(`the alarm ${key} is not made yet`);
    return alarm;
  }

  #byKey(): Map<AlarmKey, AlarmWithAnnotation> {
    const made = [...this.#own, ...this.facade.createdAlarms()];
    return new Map(made.map((alarm) => [alarm.customTags?.[0] as AlarmKey, alarm]));
  }
}

/**
 * No data means no traffic or no error: an idle night is not an incident. Only the site knows whether the absence of
 * traffic is one: `nothing-received` is for sites where it is.
 */
const MISSING_DATA = TreatMissingData.NOT_BREACHING;
