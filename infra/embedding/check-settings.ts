import { isTopicArn } from '../alarm-target.ts';
import { type Environment, EnvironmentError, problemsOf } from '../environment.ts';
import { MOST_TOPICS, serviceSchema } from '../environment-schema.ts';
import type { ThreatConsensusProps } from './threat-consensus-props.ts';

/**
 * Checks an app's settings, and fills in defaults.
 *
 * @param where the construct's path
 * @throws {EnvironmentError} in one line, with the invalid keys
 */
export function checkSettings(
  where: string,
  name: string,
  {
    name: _,
    key,
    alarmTopics = [],
    announcementBus,
    storageScope,
    deletionProtection,
    ...settings
  }: ThreatConsensusProps,
): Environment {
  const checked = serviceSchema.safeParse(settings);
  if (!checked.success) throw new EnvironmentError(`${where}: ${problemsOf(checked.error)}`);
  const { customerManagedKey, alarmTargets } = checked.data;
  if (key !== undefined && customerManagedKey)
    throw new EnvironmentError(`${where}: customerManagedKey: expected none beside a key that is given`);
  if (alarmTopics.length + alarmTargets.filter(isTopicArn).length > MOST_TOPICS)
    throw new EnvironmentError(
      `${where}: alarmTopics: expected at most ${MOST_TOPICS} SNS topics, the limit of actions per alarm`,
    );
  return { name, ...checked.data };
}
