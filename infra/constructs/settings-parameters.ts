import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { INITIAL_SETTINGS_VALUE, settingsNames } from '../../lib/cutover/settings.ts';

type SettingsNames = ReturnType<typeof settingsNames>;

/**
 * The parameters that hold an environment's settings. Only the initial ones are defined here: CloudFormation writes a
 * parameter's value whenever anything about it changes, including its tags. The settings of an operator or a rollback
 * are in no template, so that no deployment ever changes them.
 */
export class SettingsParameters extends Construct {
  readonly names: SettingsNames;
  readonly arns: SettingsNames;

  constructor(scope: Construct, id: string, environmentName: string) {
    super(scope, id);
    this.names = settingsNames(environmentName);
    const arnOf = (name: string) =>
      Stack.of(this).formatArn({ service: 'ssm', resource: `parameter${name}` });
    this.arns = { settings: arnOf(this.names.settings), initial: arnOf(this.names.initial) };
    new StringParameter(this, 'Initial', {
      parameterName: this.names.initial,
      stringValue: INITIAL_SETTINGS_VALUE,
      description: 'The settings in force until others are set',
    }).applyRemovalPolicy(RemovalPolicy.DESTROY);
  }
}
