import { RemovalPolicy } from 'aws-cdk-lib';
import type { Environment } from '../environment.ts';

/**
 * What becomes of a resource that holds data when its stack goes. One that was made in a creation that fails is deleted
 * with the others, so that the same command can be repeated. Not for a resource with a fixed name: what is retained
 * would be in the way of the next stack.
 */
export function removalPolicyOf({ removalPolicy }: Environment): RemovalPolicy {
  return removalPolicy === 'retain' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
}
