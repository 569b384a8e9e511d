import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { STACK_PARTS } from '../lib/aws/stack-outputs.ts';
import type { Environment } from './select-environment.ts';

/** Warns of what an environment that retains data leaves out although it may be deployed so. */
export function warnOfOmissions(
  scope: Construct,
  { name, removalPolicy, homeNetworks, protectedStacks }: Environment,
): void {
  if (removalPolicy !== 'retain') return;
  const warn = (key: string, text: string) =>
    Annotations.of(scope).addWarningV2(`threat-consensus:${key}`, `environment "${name}": ${text}`);
  if (homeNetworks.length === 0) {
    warn(
      'homeNetworks',
      "homeNetworks is empty. If a sensor does not say which side is local, the site's own public addresses are " +
        'treated as remote: they are scored, looked up at providers and reported. List the networks, or leave it ' +
        'empty if the site has only private addresses.',
    );
  }
  const unprotected = STACK_PARTS.filter((part) => !protectedStacks.includes(part));
  if (unprotected.length > 0) {
    warn(
      'protectedStacks',
      `${unprotected.join(', ')} can be deleted. List each stack in protectedStacks after its first deployment, and ` +
        'deploy again.',
    );
  }
}
