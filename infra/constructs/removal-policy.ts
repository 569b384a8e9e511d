import { RemovalPolicy } from 'aws-cdk-lib';
import type { Environment } from '../environment.ts';

/**
 * What happens to a resource that holds data when its stack is deleted. If the creation of a stack fails, its resources
 * are deleted, so that the same command can be repeated. Not for a resource with a fixed name: a retained one would
 * block the next stack.
 */
export function removalPolicyOf({ removalPolicy }: Environment): RemovalPolicy {
  return removalPolicy === 'retain' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
}
