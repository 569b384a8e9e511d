import { CfnEventBus, EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';

export interface FindingsBusProps {
  readonly environment: Environment;
  /** The site's own bus. */
  readonly given: IEventBus | undefined;
  readonly key: IKey | undefined;
}

/** The event bus for announcements: the environment's own, or an existing one of the site. */
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
    // The construct's own property would change the policy of another stack's key, and make the stacks depend on each
    // other. The key already lets EventBridge use it.
    if (key !== undefined && own.node.defaultChild instanceof CfnEventBus) {
      own.node.defaultChild.kmsKeyIdentifier = key.keyArn;
    }
    // CDK's own types disagree on optional properties under `exactOptionalPropertyTypes`.
    this.bus = own as IEventBus;
  }
}
