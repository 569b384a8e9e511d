import * as z from 'zod';
import { announcementSettings } from '../lib/announcement/announcement-settings.ts';
import { STACK_PARTS } from '../lib/aws/stack-outputs.ts';
import { logSource, OBJECT_FORMATS } from '../lib/ingestion/log-sources.ts';
import { feedChoice } from '../lib/intelligence/feeds/choose-feeds.ts';
import { alarmTarget, isTopicArn, topicRegion } from './alarm-target.ts';
import { announcementTarget, MOST_ANNOUNCEMENT_TARGETS } from './announcement-target.ts';
import { ROLLBACK_CAUSES } from './monitoring/rollback-causes.ts';

const share = z.number().gt(0).lt(1);
const days = z.int().min(1).max(3650);

/** Periods for which CloudWatch keeps logs, in days, up to two years. */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

const alarms = z.strictObject({
  /** Share of the assessments for which the scorers were asked that have no consensus. */
  consensusFailureRate: share,
  /** Share of the same on which the scorers disagree. */
  uncertaintyRate: share,
  /** Average consensus score of a quarter of an hour of traffic: within this band nothing is suspicious. */
  averageScore: z
    .strictObject({ minimum: share, maximum: share })
    .refine(({ minimum, maximum }) => minimum < maximum, 'expected a minimum below the maximum'),
  /** Share of its votes that one scorer fails to give. */
  scorerFailureRate: share,
  /** Share of records that are invalid. */
  rejectedShare: share,
  /** Invalid records in an hour, where so few records come that no share is judged. */
  rejectedRecordsPerHour: z.int().min(1).max(1_200),
  /** Share of the messages received that are handed back to the queue. */
  messagesFailedShare: share,
  /** Share of executions that crash, time out or run out of memory. */
  functionErrorShare: share,
  /** So many hours without a message are an incident; left out, they never are. */
  nothingReceivedHours: z.int().min(1).max(24).optional(),
  /** Age of the oldest message in the work queue, seconds. */
  oldestMessageSeconds: z.int().min(60).max(345_600),
  /** Age of the oldest notification of a log file that is not read yet, seconds. */
  oldestLogFileSeconds: z.int().min(60).max(345_600),
  /** Share of the entries of log files that are no connections. */
  skippedShare: share,
  /** Share of the entries of log files that are invalid. */
  invalidShare: share,
});

/** An existing bucket, or a part of one, whose log files are read. */
const existingSource = logSource.extend({
  /** ARN of the KMS key that its objects are encrypted with, where it is one of the account's own. */
  keyArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'expected the ARN of a KMS key')
    .optional(),
});

/** Where log files are read from; without anything, from the bucket of the environment's own. */
const logFiles = z.strictObject({
  /** Days for which the environment's own bucket keeps a file. */
  retentionDays: days.default(30),
  /** Formats of files in the environment's own bucket that don't show theirs, by the beginning of their keys. */
  formats: z
    .array(z.strictObject({ prefix: logSource.shape.prefix, format: z.enum(OBJECT_FORMATS) }))
    .default([]),
  /** Other buckets of the account and region. */
  existing: z.array(existingSource).default([]),
  /** ARNs of SNS topics to which such buckets report new objects; the others report to EventBridge. */
  topics: z
    .array(
      z
        .string()
        .refine(isTopicArn, 'expected the ARN of an SNS topic, such as arn:aws:sns:REGION:ACCOUNT:NAME'),
    )
    .default([]),
  /** Files that are read at a time, at most; SQS asks for at least 2. */
  maximumConcurrency: z.int().min(2).max(1000).default(2),
});

const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;

const BUS_ARN = /^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256}$/;

/** An alarm takes five actions; the first is our own topic. */
const MOST_TOPICS = 4;

const settings = z.strictObject({
  /** The account that the environment belongs to. */
  account: z.string().regex(ACCOUNT, 'expected the 12 digits of an account').optional(),
  /** The region that the environment is in. */
  region: z.string().regex(REGION, 'expected a region such as eu-central-1').optional(),
  /** CIDR blocks of the site's own public addresses, for records that do not say what is local. */
  homeNetworks: z.array(
    z.union([z.cidrv4(), z.cidrv6()], { error: 'expected a CIDR block such as 192.0.2.0/24' }),
  ),
  /** Log files that are read from S3. */
  logFiles: logFiles.prefault({}),
  /** How long assessments are kept, counted from the arrival of their message. */
  assessmentRetentionDays: days,
  logRetentionDays: z.literal(LOG_RETENTION_DAYS, {
    error: `expected one of ${LOG_RETENTION_DAYS.join(', ')}, as CloudWatch supports`,
  }),
  /**
   * What becomes of table, queues and logs when a stack is destroyed. An environment that retains them also states its
   * account, its region, where its alarms go and where its runbook is. What an operator
   * has set stays in either case: it is no stack's.
   */
  removalPolicy: z.enum(['retain', 'destroy']),
  /**
   * Stacks that exist and must not be deleted; with `Storage` among them, the table can't be deleted by hand either. A
   * stack is listed after it was first deployed: CloudFormation can't clean up a creation that failed under protection.
   */
  protectedStacks: z.array(z.enum(STACK_PARTS)).default([]),
  /** Executions of the scoring function at a time, at most; SQS asks for at least 2. */
  maximumConcurrency: z.int().min(2).max(1000),
  /** CPU comes with memory: 1,769 MB are one whole virtual CPU, and less makes assessments slow. */
  memoryMegabytes: z.int().min(512).max(10_240),
  /**
   * Whether two executions are reserved for the function that rolls back, so that nothing else in the account can take
   * them. Lambda keeps 100 unreserved, so that this needs a quota of 102; new accounts have 10. Off by default.
   */
  reserveRollbackConcurrency: z.boolean().optional(),
  /** Where alarms go: e-mail addresses, `https` URLs and ARNs of existing SNS topics. */
  alarmTargets: z
    .array(alarmTarget)
    .refine((targets) => new Set(targets).size === targets.length, 'expected each target once')
    .refine(
      (targets) => targets.filter(isTopicArn).length <= MOST_TOPICS,
      `expected at most ${MOST_TOPICS} SNS topics, the limit of actions per alarm`,
    )
    .default([]),
  /** Where docs/alarms.md is read, without an anchor; alarms link to its sections. */
  runbookUrl: z
    .url({
      protocol: /^https?$/,
      error: 'expected the URL of docs/alarms.md, such as https://git.example.com/docs/alarms.md',
    })
    .max(200)
    .refine((url) => !url.includes('#'), 'expected no anchor: each alarm adds its own')
    .optional(),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
  /** How functions log; `json` also leaves out the lines in which Lambda reports each invocation. */
  logFormat: z.enum(['text', 'json']).default('text'),
  /** Whether functions send traces to X-Ray. */
  tracing: z.boolean().default(false),
  /** Whether table, queues and logs are encrypted with a key of the environment's own. */
  customerManagedKey: z.boolean().default(false),
  /** Write request units per second of the table, and of its index, beyond which DynamoDB throttles. */
  maximumWriteUnits: z.int().min(1).max(40_000).optional(),
  /** US dollars a month at which a budget reports, and whose costs count: those tagged as this environment's, or all of the account. */
  monthlyBudget: z
    .strictObject({ usd: z.number().positive(), costsOf: z.enum(['environment', 'account']) })
    .optional(),
  /** Which lists of addresses are used: changes to the catalogue, and lists of the site's own. */
  feeds: feedChoice.prefault({}),
  /** What is announced, and how often. */
  announcements: announcementSettings.prefault({}),
  /** Where announcements go. */
  announcementTargets: z
    .array(announcementTarget)
    .max(MOST_ANNOUNCEMENT_TARGETS)
    .refine(
      (targets) => new Set(targets.map(({ name }) => name)).size === targets.length,
      'expected each name once',
    )
    .default([]),
  /** An event bus of the site's, in the environment's account and region, that announcements are put on instead of one of their own. */
  announcementBus: z.string().regex(BUS_ARN, 'expected the ARN of an event bus').optional(),
  alarms,
  /** Alarms of which any takes the environment back to the legacy score. */
  rollbackOn: z
    .array(z.enum(ROLLBACK_CAUSES, { error: `expected one of ${ROLLBACK_CAUSES.join(', ')}` }))
    .min(1, { error: `expected at least one of ${ROLLBACK_CAUSES.join(', ')}` })
    .refine((keys) => new Set(keys).size === keys.length, 'expected each alarm once'),
});

type Settings = z.output<typeof settings>;

/** What an environment that retains data must state. */
const REQUIRED_TO_RETAIN = {
  account: 'the 12 digits of its account',
  region: 'such as eu-central-1',
  alarmTargets: 'an e-mail address, an https URL or the ARN of an SNS topic',
  runbookUrl: 'the URL of docs/alarms.md',
} as const satisfies Partial<Record<keyof Settings, string>>;

/** What may differ between deployments. Everything else is the same everywhere. */
export const environmentSchema = settings.superRefine((environment, context) => {
  const { removalPolicy, protectedStacks, region, alarmTargets } = environment;
  const refuse = (key: keyof Settings, message: string) =>
    context.addIssue({ code: 'custom', path: [key], message });
  if (removalPolicy === 'retain') {
    for (const [key, meaning] of Object.entries(REQUIRED_TO_RETAIN)) {
      const value = environment[key as keyof typeof REQUIRED_TO_RETAIN];
      if (value === undefined || value.length === 0)
        refuse(key as keyof Settings, `required if data is retained (${meaning})`);
    }
  } else if (protectedStacks.length > 0) {
    refuse('protectedStacks', 'must be empty if removalPolicy is destroy');
  }
  for (const arn of alarmTargets.filter(isTopicArn)) {
    if (region !== undefined && topicRegion(arn) !== region)
      refuse(
        'alarmTargets',
        `expected a topic in ${region}, since alarms cannot notify other regions, got ${arn}`,
      );
  }
});

export type EnvironmentSettings = z.output<typeof environmentSchema>;
/** As written in `environments.ts`, where what has a default may be left out. */
export type EnvironmentInput = z.input<typeof environmentSchema>;
export type AlarmThresholds = EnvironmentSettings['alarms'];
