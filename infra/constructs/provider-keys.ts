import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { keyParameter, keysPath } from '../../lib/intelligence/keys/keys-path.ts';
import { PROVIDER_NAMES } from '../../lib/intelligence/providers/provider.ts';

/** The parameters that hold the providers' keys. CloudFormation can't create encrypted ones: `keys set` does. */
export function keyParameterArns(scope: Construct, environmentName: string): string[] {
  const path = keysPath(environmentName);
  return PROVIDER_NAMES.map((provider) =>
    Stack.of(scope).formatArn({ service: 'ssm', resource: `parameter${keyParameter(path, provider)}` }),
  );
}
