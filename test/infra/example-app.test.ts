import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { defineSite } from '../../docs/examples/own-app.ts';

it('the example of an app of one’s own can be synthesized', () => {
  const app = new App({ analyticsReporting: false, context: { 'aws:cdk:bundling-stacks': [] } });
  defineSite(app);

  const { stacks } = app.synth();
  const [data, network] = ['Data', 'Network'].map((name) =>
    Template.fromJSON(stacks.find(({ stackName }) => stackName === name)?.template),
  );
  data?.resourceCountIs('AWS::DynamoDB::Table', 1);
  network?.resourceCountIs('AWS::Lambda::Function', 5);
  network?.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'threat-consensus-site-nothing-received',
  });
  expect(Object.keys(network?.findOutputs('*') ?? {})).toContain('WORKQUEUEURL');
});
