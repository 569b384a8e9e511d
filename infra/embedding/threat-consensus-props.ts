import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { ServiceSettings } from '../service-settings.ts';

/** What an app says of the service that it embeds. Account, region and termination protection are its stacks'. */
export interface ThreatConsensusProps extends ServiceSettings {
  /**
   * Part of the names of metrics, alarms, parameters and the dashboard: up to 20 lower-case letters and digits, beginning
   * with a letter. Two deployments of one account and region need different ones. If left out, it is made of the
   * construct's path.
   */
  readonly name?: string | undefined;
  /**
   * Encrypts table, queues, log files and logs, instead of `customerManagedKey`. What the services need of it is added to
   * its policy; the policy of a key that is imported stays as it is.
   */
  readonly key?: IKey | undefined;
  /**
   * Topics that alarms and the rollback publish to, beside the deployment's own; with those among `alarmTargets`, four at
   * most. CloudWatch is allowed to publish; the policy of a topic that is imported stays as it is.
   */
  readonly alarmTopics?: readonly ITopic[] | undefined;
  /** What announcements are put on, instead of a bus of the deployment's own. */
  readonly announcementBus?: IEventBus | undefined;
  /**
   * Where table and key are made: mostly another stack, which outlives this one or is protected from termination. If left
   * out, within the construct itself.
   */
  readonly storageScope?: Construct | undefined;
  /**
   * Whether the table can't be deleted by hand; not if left out. Switch it on after the first deployment: one that fails
   * could not clean up after itself.
   */
  readonly deletionProtection?: boolean | undefined;
}
