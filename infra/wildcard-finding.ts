import type { Stack } from 'aws-cdk-lib';

/**
 * The id of cdk-nag's finding for a policy resource with a wildcard. References are in angle brackets, including
 * account and region, unless the environment states them.
 */
export function wildcardFinding(stack: Stack, resource: string): string {
  return `AwsSolutions::AwsSolutions-IAM5[Resource::${textOf(stack.resolve(resource))}]`;
}

function textOf(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  const { Ref, 'Fn::Join': join, 'Fn::GetAtt': attribute } = resolved as Intrinsic;
  if (join !== undefined) return join[1].map(textOf).join(join[0]);
  return `<${Ref ?? attribute?.join('.')}>`;
}

interface Intrinsic {
  readonly Ref?: string;
  readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
  readonly 'Fn::GetAtt'?: readonly string[];
}
