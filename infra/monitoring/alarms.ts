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
  /** Greater than, unless another is given. */
  readonly comparisonOperator?: ComparisonOperator;
  /** Not breaching, unless another treatment is given. */
  readonly missingData?: TreatMissingData;
  /** That of the catalogue, unless another is given. */
  readonly pace?: Pace;
}

/**
 * All alarms of a deployment, our own and those of the library's standard monitoring, made alike: the catalogue's
 * text and pace, and ALARM and OK reported to all topics. INSUFFICIENT_DATA is not, since no alarm here comes to it once
 * it was evaluated.
 */
export class Alarms {
  /** The library's entrance; its alarms want {@link like} as their settings. */
  readonly facade: MonitoringFacade;
  readonly #factory: AlarmFactory;
  readonly #own: AlarmWithAnnotation[] = [];
  readonly #environment: Environment;
  readonly #service: string;

  /** @param topics where they are reported; the actions of an alarm take five */
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
      // The dashboard is laid out by hand: what matters comes first.
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

  /** What alarms of the library are given, so that they are like ours. */
  like(key: AlarmKey, pace: Pace = ALARMS[key].pace): CustomAlarmThreshold {
    const { description } = ALARMS[key];
    const { periodMinutes, datapointsToAlarm, evaluationPeriods } = pace;
    return {
      // Names are what a mail's subject says, and what operators look for.
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

  /** To draw thresholds into widgets. */
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
 * No data means no traffic or no error: an idle night is no incident. Whether it is one that nothing comes at all, only
 * the site knows: `nothing-received` is for those where it is.
 */
const MISSING_DATA = TreatMissingData.NOT_BREACHING;
