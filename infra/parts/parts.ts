import { Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { StackPart } from '../../lib/aws/stack-outputs.ts';
import type { Environment } from '../environment.ts';
import { Monitoring } from './monitoring.ts';
import { Scoring } from './scoring.ts';
import { Storage } from './storage.ts';

/** Location of a part of a deployment: a different scope, or a different stack, for each if needed. */
export interface Place {
  readonly scope: Construct;
  readonly id: string;
}

/** A site's existing resources for a deployment to use. */
export interface Given {
  /** Encrypts all data. */
  readonly key?: IKey | undefined;
  /** Alarms and the rollback publish to them. */
  readonly topics?: readonly ITopic[] | undefined;
  /** Announcements are put on it. */
  readonly bus?: IEventBus | undefined;
}

export interface PartsProps extends Given {
  readonly environment: Environment;
  readonly places: Readonly<Record<StackPart, Place>>;
  /** Whether the table is protected against deletion by hand. */
  readonly isTableProtected: boolean;
}

/** The parts of a deployment. */
export interface Parts {
  readonly storage: Storage;
  readonly scoring: Scoring;
  readonly monitoring: Monitoring;
}

/** Defines all parts of a deployment, and connects them. */
export function defineParts({
  environment,
  places,
  isTableProtected,
  key: givenKey,
  topics = [],
  bus,
}: PartsProps): Parts {
  const stackOf = (part: StackPart) => Stack.of(places[part].scope);
  const stacks = {
    Storage: stackOf('Storage'),
    Scoring: stackOf('Scoring'),
    Monitoring: stackOf('Monitoring'),
  };
  const storage = new Storage(places.Storage.scope, places.Storage.id, {
    environment,
    isProtected: isTableProtected,
    key: givenKey,
    logStacks: [...new Set([stacks.Scoring, stacks.Monitoring])],
  });
  const { table, key } = storage;
  const scoring = new Scoring(places.Scoring.scope, places.Scoring.id, {
    environment,
    table,
    key,
    bus,
    stacks,
  });
  const monitoring = new Monitoring(places.Monitoring.scope, places.Monitoring.id, {
    environment,
    table,
    key,
    scoring,
    topics,
  });
  return { storage, scoring, monitoring };
}
