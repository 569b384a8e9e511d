import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { chooseFeeds } from '../../lib/intelligence/feeds/choose-feeds.ts';
import type { FeedReport } from '../../lib/intelligence/feeds/refresh-feed.ts';
import { refreshFeeds } from '../../lib/intelligence/feeds/refresh-feeds.ts';
import { reportFeeds } from '../../lib/intelligence/feeds/report-feeds.ts';
import { getKey } from '../../lib/intelligence/keys/key-parameters.ts';
import { createFeedStore } from '../../lib/store/feed-store.ts';
import { readEnvironment } from './environment.ts';

/** Longest time for one feed, with a list of a million entries: the last one is started with this much time left. */
const ONE_FEED_MS = 100_000;

const environment = readEnvironment(process.env);
const logger = new Logger();
const metrics = new Metrics();
const feeds = chooseFeeds(environment.FEEDS);
const client = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
});
const ssm = new SSMClient();
const store = createFeedStore({ client, tableName: environment.TABLE_NAME });

/**
 * Refreshes the lists that are due. A feed that fails is recorded in the table and reported by a metric; an exception
 * is a fault of the table, after which the invocation is retried.
 */
async function refresh(_: unknown, context: Context): Promise<void> {
  const deadlineMs = Date.now() + context.getRemainingTimeInMillis() - ONE_FEED_MS;
  const reports: FeedReport[] = [];
  try {
    const { left } = await refreshFeeds(feeds, {
      store,
      homeNetworks: environment.HOME_NETWORKS,
      readKey: readStoredKey,
      deadlineMs,
      onReport: (report) => {
        reports.push(report);
        logReport(report);
      },
      onError: (feed, error) => logger.error('a feed could not be stored', { feed, error: error as Error }),
    });
    if (left.length > 0) logger.warn('there was no time left for some feeds', { feeds: left });
  } finally {
    reportFeeds(metrics, reports, Date.now());
    metrics.publishStoredMetrics();
  }
}

/** A missing key is a choice; any other error is one of AWS, and makes the feed fail. */
async function readStoredKey(provider: 'abuseipdb'): Promise<string | undefined> {
  try {
    return await getKey(ssm, environment.PROVIDER_KEYS_PATH, provider);
  } catch (error) {
    if (error instanceof Error && error.name === 'ParameterNotFound') return undefined;
    // The error's message could quote the parameter's value.
    throw new Error(`the key cannot be read: ${error instanceof Error ? error.name : 'unknown'}`);
  }
}

function logReport({ feed, outcome, state }: FeedReport): void {
  if (outcome === 'not-due') return;
  const { good, failures, problem } = state;
  if (outcome === 'failed') logger.warn('a feed could not be refreshed', { feed, failures, problem });
  else logger.info('a feed was refreshed', { feed, outcome, entries: good?.entries, dropped: good?.dropped });
}

export const handler = middy<unknown, void>().use(injectLambdaContext(logger)).handler(refresh);
