import { CfnEventBus, EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';

export interface FindingsBusProps {
  readonly environment: Environment;
  /** The site's own. */
  readonly given: IEventBus | undefined;
  readonly key: IKey | undefined;
}

/** The event bus that announcements are put on: one of the environment's own, or one that the site has. */
export class FindingsBus extends Construct {
  readonly bus: IEventBus;

  constructor(scope: Construct, id: string, { environment, given, key }: FindingsBusProps) {
    super(scope, id);
    if (given !== undefined) {
      this.bus = given;
      return;
    }
    const own = new EventBus(this, 'Bus', {
      description: `Announcements of threat-consensus (${environment.name})`,
    });
    // Not by the construct's own property: that would change the policy of another stack's key, and each stack would
    // need the other first. The key lets EventBridge use it.
    if (key !== undefined && own.node.defaultChild instanceof CfnEventBus) {
      own.node.defaultChild.kmsKeyIdentifier = key.keyArn;
    }
    // CDK's own types disagree on optional properties where these may not be undefined.
    this.bus = own as IEventBus;
  }
}
