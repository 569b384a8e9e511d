/**
 * An app of your own that embeds the service. In a folder with the packages that docs/embed.md installs:
 *
 *   npx cdk synth --app "node own-app.ts"
 */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { ThreatConsensus } from 'threat-consensus/cdk';

/** Defines a site's stacks. */
export function defineSite(app: App): void {
  // What must not be lost is in a stack that can't be deleted by accident.
  const data = new Stack(app, 'Data', { terminationProtection: true });
  const key = new Key(data, 'Key', { enableKeyRotation: true });

  const network = new Stack(app, 'Network');
  const topic = new Topic(network, 'Soc', { displayName: 'Security operations' });
  const bus = new EventBus(network, 'Findings');

  // The casts are for a strict compiler: CDK's own types disagree on optional properties under `exactOptionalPropertyTypes`.
  const threats = new ThreatConsensus(network, 'Threats', {
    name: 'site',
    // Your own public addresses, which are never looked up or scored.
    homeNetworks: ['192.0.2.0/24', '2001:db8::/32'],
    key: key as IKey,
    alarmTopics: [topic as ITopic],
    announcementBus: bus as IEventBus,
    storageScope: data,
    // Everything else has a default; these are some that sites change.
    assessmentRetentionDays: 30,
    alarms: { nothingReceivedHours: 6 },
    announcements: { minimumScore: 0.8 },
  });

  // A sensor that sends connection records.
  const sensor = new Role(network, 'Sensor', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  sensor.addManagedPolicy(threats.policies.producer);

  // What commands need to know: `WORK_QUEUE_URL=... npx threat-consensus push conn.log`.
  for (const [name, value] of Object.entries(threats.variables)) {
    new CfnOutput(network, name.replaceAll('_', ''), { value, description: name });
  }
}

if (import.meta.main) {
  const app = new App();
  defineSite(app);
  app.synth();
}
