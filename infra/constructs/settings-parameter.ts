import { CfnDeletionPolicy, Stack } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

/**
 * The settings with which a deployment begins; afterwards they are the operators'. CloudFormation writes a resource
 * anew when its properties change, so that nothing here may depend on anything that ever changes: no tags, no
 * description, no setting of the environment. A test holds every byte of it.
 */
const INITIAL_VALUE = '{"mode":"legacy"}';

/** Holds the settings in force. It outlives its stack in every environment. */
export class SettingsParameter extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, environmentName: string) {
    super(scope, id);
    this.name = `/threat-consensus/${environmentName}/settings`;
    this.arn = Stack.of(this).formatArn({ service: 'ssm', resource: `parameter${this.name}` });
    const parameter = new CfnParameter(this, 'Parameter', {
      name: this.name,
      type: 'String',
      value: INITIAL_VALUE,
    });
    parameter.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
    parameter.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  }
}
