import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { STACK_PARTS } from '../lib/aws/stack-outputs.ts';
import type { Environment } from './environment.ts';
import type { SiteEnvironment } from './select-environment.ts';

/** Warns of an environment that retains data but names no home networks. */
export function warnOfHomeNetworks(scope: Construct, environment: Environment): void {
  if (environment.homeNetworks.length > 0) return;
  warn(scope, environment, 'homeNetworks', [
    "homeNetworks is empty. If a sensor does not say which side is local, the site's own public addresses are",
    'treated as remote: they are scored, looked up at providers and reported. List the networks, or leave it',
    'empty if the site has only private addresses.',
  ]);
}

/** Warns of stacks without termination protection in an environment that retains data. */
export function warnOfUnprotectedStacks(scope: Construct, environment: SiteEnvironment): void {
  const unprotected = STACK_PARTS.filter((part) => !environment.protectedStacks.includes(part));
  if (unprotected.length === 0) return;
  warn(scope, environment, 'protectedStacks', [
    `${unprotected.join(', ')} can be deleted. List each stack in protectedStacks after its first deployment, and`,
    'deploy again.',
  ]);
}

/** Warns of an environment that retains data but has no alarm targets. */
export function warnOfAlarmTargets(scope: Construct, environment: Environment): void {
  warn(scope, environment, 'alarmTargets', [
    'alarms reach nobody. Give alarmTargets or alarmTopics, or subscribe to alarmTopic.',
  ]);
}

function warn(
  scope: Construct,
  { name, removalPolicy }: Environment,
  key: string,
  lines: readonly string[],
): void {
  if (removalPolicy !== 'retain') return;
  Annotations.of(scope).addWarningV2(`threat-consensus:${key}`, `environment "${name}": ${lines.join(' ')}`);
}
