import { Stack } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { INITIAL_SETTINGS_VALUE, settingsParameterName } from '../../lib/cutover/settings.ts';

/**
 * Holds the settings in force; what the template says is only what they begin with. CloudFormation writes a resource
 * anew when its properties change, so that nothing here may depend on anything that ever changes: no tags, no
 * description, no setting of the environment. A test holds every byte of it.
 */
export class SettingsParameter extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, environmentName: string) {
    super(scope, id);
    this.name = settingsParameterName(environmentName);
    this.arn = Stack.of(this).formatArn({ service: 'ssm', resource: `parameter${this.name}` });
    new CfnParameter(this, 'Parameter', {
      name: this.name,
      type: 'String',
      value: INITIAL_SETTINGS_VALUE,
    });
  }
}
