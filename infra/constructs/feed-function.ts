import { Duration, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { objectAt } from '../../lib/aws/bucket-object.ts';
import { chooseFeeds } from '../../lib/intelligence/feeds/choose-feeds.ts';
import { keyParameter, keysPath } from '../../lib/intelligence/keys/keys-path.ts';
import { LIST_PARTITION_PREFIX } from '../../lib/store/table-schema.ts';
import type { Environment } from '../environment.ts';
import { decryptObjects } from './decrypt-objects.ts';
import { ServiceFunction } from './service-function.ts';

export interface FeedFunctionProps {
  readonly environment: Environment;
  readonly table: Table;
  readonly key: IKey | undefined;
}

/** How often the function checks which feeds are due; each feed has its own interval. */
const LOOK_EVERY = Duration.hours(1);
/** One full virtual CPU reads, sorts and packs a million entries in less than a minute. */
const MEMORY_MEGABYTES = 1769;
/** Enough for some lists in sequence. The rest is left for the next run. */
const TIMEOUT = Duration.minutes(5);

/** Only items of lists and of feeds. */
const TABLE_ACTIONS = ['GetItem', 'BatchGetItem', 'BatchWriteItem', 'UpdateItem', 'DeleteItem'].map(
  (operation) => `dynamodb:${operation}`,
);

/** The function that refreshes lists of addresses, and its schedule. */
export class FeedFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, { environment, table, key }: FeedFunctionProps) {
    const path = keysPath(environment.name);
    super(scope, id, {
      environment,
      name: 'refresh-feeds',
      description: 'Refreshes the lists of addresses that feeds publish',
      memoryMegabytes: MEMORY_MEGABYTES,
      timeout: TIMEOUT,
      variables: {
        TABLE_NAME: table.tableName,
        FEEDS: JSON.stringify(environment.feeds),
        PROVIDER_KEYS_PATH: path,
        HOME_NETWORKS: environment.homeNetworks.join(','),
      },
      key,
      keyUse: { actions: 'both' },
      // The next run is the retry, and asks publishers no more often than they want.
      options: { retryAttempts: 0 },
    });
    this.allow([table.tableArn], TABLE_ACTIONS, [LIST_PARTITION_PREFIX]);
    const keyArn = Stack.of(this).formatArn({
      service: 'ssm',
      resource: `parameter${keyParameter(path, 'abuseipdb')}`,
    });
    this.allow([keyArn], ['ssm:GetParameter']);
    this.#allowObjects(environment);
    new Rule(this, 'Regularly', {
      description: 'Checks which feeds are due, and refreshes them',
      schedule: Schedule.rate(LOOK_EVERY),
      targets: [new FunctionTarget(this.handler, { retryAttempts: 0 })],
    });
  }

  /** The lists that lie in buckets, and nothing else there. */
  #allowObjects({ feeds }: Environment): void {
    const { partition } = Stack.of(this);
    const inBuckets = chooseFeeds(feeds).flatMap(({ url = '', keyArn }) => {
      const object = objectAt(url);
      return object === undefined ? [] : [{ ...object, keyArn }];
    });
    if (inBuckets.length === 0) return;
    const arns = inBuckets.map(({ bucket, key }) => `arn:${partition}:s3:::${bucket}/${key}`);
    this.allow([...new Set(arns)], ['s3:GetObject']);
    const keyArns = inBuckets.map(({ keyArn }) => keyArn);
    for (const statement of decryptObjects(Stack.of(this), 'DecryptLists', keyArns))
      this.handler.addToRolePolicy(statement);
  }
}
