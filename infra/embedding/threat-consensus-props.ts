import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { ServiceSettings } from '../service-settings.ts';

/**
 * An app's settings for the service that it embeds. Account, region and termination protection are those of its stacks.
 */
export interface ThreatConsensusProps extends ServiceSettings {
  /**
   * Part of the names of metrics, alarms, parameters and the dashboard: up to 20 lower-case letters and digits,
   * beginning with a letter. Two deployments in one account and region need different ones. If omitted, it is derived
   * from the construct's path.
   */
  readonly name?: string | undefined;
  /**
   * Encrypts table, queues, log files and logs, instead of `customerManagedKey`. The permissions that the services need
   * are added to its policy; the policy of an imported key is not changed.
   */
  readonly key?: IKey | undefined;
  /**
   * Topics that alarms and the rollback publish to, in addition to the deployment's own; at most four, including those
   * among `alarmTargets`. CloudWatch is allowed to publish; the policy of an imported topic is not changed.
   */
  readonly alarmTopics?: readonly ITopic[] | undefined;
  /** The bus for announcements, instead of the deployment's own. */
  readonly announcementBus?: IEventBus | undefined;
  /**
   * Scope in which table and key are created: usually another stack, which outlives this one or has termination
   * protection. If omitted, the construct itself.
   */
  readonly storageScope?: Construct | undefined;
  /**
   * Whether the table is protected against deletion by hand; not if omitted. Switch it on after the first deployment: a
   * failed one could not clean up after itself.
   */
  readonly deletionProtection?: boolean | undefined;
}
