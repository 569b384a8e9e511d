import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { EnvironmentError } from './environment.ts';
import { ENVIRONMENTS } from './environments.ts';
import { refuseOtherAccount, selectEnvironment } from './select-environment.ts';
import { defineService } from './service.ts';

try {
  const app = new App({ analyticsReporting: false });
  const environment = selectEnvironment(app.node.tryGetContext('env'), ENVIRONMENTS);
  refuseOtherAccount(environment, process.env);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  defineService(app, environment);
  app.synth();
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
