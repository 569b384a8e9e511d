import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { EnvironmentError } from './environment.ts';
import { ENVIRONMENTS } from './environments.ts';
import { refuseOtherAccount, selectEnvironment } from './select-environment.ts';
import { defineService } from './service.ts';
import { readSiteFile } from './site-file.ts';

try {
  const app = new App({ analyticsReporting: false });
  const site = readSiteFile(app.node.tryGetContext('config'), process.cwd());
  const environment = selectEnvironment(app.node.tryGetContext('env'), ENVIRONMENTS, site);
  refuseOtherAccount(environment, process.env);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  defineService(app, environment);
  app.synth();
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
