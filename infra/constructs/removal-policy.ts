import { RemovalPolicy } from 'aws-cdk-lib';
import type { Environment } from '../select-environment.ts';

/** What becomes of a resource that holds data when its stack goes. */
export function removalPolicyOf({ removalPolicy }: Environment): RemovalPolicy {
  return removalPolicy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
