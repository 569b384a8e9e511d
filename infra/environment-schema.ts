import * as z from 'zod';
import { announcementSettings } from '../lib/announcement/announcement-settings.ts';
import { KMS_KEY_ARN } from '../lib/aws/bucket-object.ts';
import { STACK_PARTS } from '../lib/aws/stack-outputs.ts';
import { logSource, OBJECT_FORMATS } from '../lib/ingestion/log-sources.ts';
import { feedChoice } from '../lib/intelligence/feeds/choose-feeds.ts';
import { alarmTarget, isTopicArn, topicRegion } from './alarm-target.ts';
import { alarmThresholds } from './alarm-thresholds.ts';
import { announcementTarget, MOST_ANNOUNCEMENT_TARGETS } from './announcement-target.ts';
import { ROLLBACK_CAUSES } from './monitoring/rollback-causes.ts';

const days = z.int().min(1).max(3650);

/** Periods for which CloudWatch keeps logs, in days, up to two years. */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

const existingSource = logSource.extend({
  keyArn: z.string().regex(KMS_KEY_ARN, 'expected the ARN of a KMS key').optional(),
});

const logFiles = z.strictObject({
  retentionDays: days.default(30),
  formats: z
    .array(z.strictObject({ prefix: logSource.shape.prefix, format: z.enum(OBJECT_FORMATS) }))
    .default([]),
  existing: z.array(existingSource).default([]),
  topics: z
    .array(
      z
        .string()
        .refine(isTopicArn, 'expected the ARN of an SNS topic, such as arn:aws:sns:REGION:ACCOUNT:NAME'),
    )
    .default([]),
  // SQS requires at least 2.
  maximumConcurrency: z.int().min(2).max(1000).default(2),
});

const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;

const BUS_ARN = /^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256}$/;

/** An alarm allows five actions; the first is our own topic. */
export const MOST_TOPICS = 4;

/** Settings that may differ between deployments of any app; `ServiceSettings` documents each key. */
export const serviceSchema = z.strictObject({
  homeNetworks: z.array(
    z.union([z.cidrv4(), z.cidrv6()], { error: 'expected a CIDR block such as 192.0.2.0/24' }),
  ),
  logFiles: logFiles.prefault({}),
  assessmentRetentionDays: days.default(90),
  logRetentionDays: z
    .literal(LOG_RETENTION_DAYS, {
      error: `expected one of ${LOG_RETENTION_DAYS.join(', ')}, as CloudWatch supports`,
    })
    .default(90),
  removalPolicy: z.enum(['retain', 'destroy']).default('retain'),
  // SQS requires at least 2. More executions only throttle a table until it has grown: `threat-consensus scale` prints
  // the values for a rate.
  maximumConcurrency: z.int().min(2).max(1000).default(10),
  // CPU is proportional to memory: 1,769 MB give one full virtual CPU, and less makes assessments slow.
  memoryMegabytes: z.int().min(512).max(10_240).default(1769),
  reserveRollbackConcurrency: z.boolean().optional(),
  alarmTargets: z
    .array(alarmTarget)
    .refine((targets) => new Set(targets).size === targets.length, 'expected each target once')
    .refine(
      (targets) => targets.filter(isTopicArn).length <= MOST_TOPICS,
      `expected at most ${MOST_TOPICS} SNS topics, the limit of actions per alarm`,
    )
    .default([]),
  runbookUrl: z
    .url({
      protocol: /^https?$/,
      error: 'expected the URL of docs/alarms.md, such as https://git.example.com/docs/alarms.md',
    })
    .max(200)
    .refine((url) => !url.includes('#'), 'expected no anchor: each alarm adds its own')
    .optional(),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
  logFormat: z.enum(['text', 'json']).default('text'),
  tracing: z.boolean().default(false),
  customerManagedKey: z.boolean().default(false),
  maximumWriteUnits: z.int().min(1).max(40_000).optional(),
  monthlyBudget: z
    .strictObject({ usd: z.number().positive(), costsOf: z.enum(['environment', 'account']) })
    .optional(),
  feeds: feedChoice.prefault({}),
  announcements: announcementSettings.prefault({}),
  announcementTargets: z
    .array(announcementTarget)
    .max(MOST_ANNOUNCEMENT_TARGETS)
    .refine(
      (targets) => new Set(targets.map(({ name }) => name)).size === targets.length,
      'expected each name once',
    )
    .default([]),
  alarms: alarmThresholds.prefault({}),
  rollbackOn: z
    .array(z.enum(ROLLBACK_CAUSES, { error: `expected one of ${ROLLBACK_CAUSES.join(', ')}` }))
    .min(1, { error: `expected at least one of ${ROLLBACK_CAUSES.join(', ')}` })
    .refine((keys) => new Set(keys).size === keys.length, 'expected each alarm once')
    .default([...ROLLBACK_CAUSES]),
});

/** Additional settings for environments of our own app. */
const settings = serviceSchema.extend({
  /** The account of the environment. */
  account: z.string().regex(ACCOUNT, 'expected the 12 digits of an account').optional(),
  /** The region of the environment. */
  region: z.string().regex(REGION, 'expected a region such as eu-central-1').optional(),
  /**
   * Existing stacks that must not be deleted; with `Storage` among them, the table can't be deleted by hand either.
   * List a stack only after its first deployment: CloudFormation can't clean up a failed creation that is protected.
   */
  protectedStacks: z.array(z.enum(STACK_PARTS)).default([]),
  /**
   * One of the site's event buses, in the environment's account and region, to use for announcements instead of a new
   * one.
   */
  announcementBus: z.string().regex(BUS_ARN, 'expected the ARN of an event bus').optional(),
});

type Settings = z.output<typeof settings>;

/** Settings that are required for an environment that retains data. */
const REQUIRED_TO_RETAIN = {
  account: 'the 12 digits of its account',
  region: 'such as eu-central-1',
  alarmTargets: 'an e-mail address, an https URL or the ARN of an SNS topic',
  runbookUrl: 'the URL of docs/alarms.md',
} as const satisfies Partial<Record<keyof Settings, string>>;

/** Settings that may differ between the environments of our own app. Everything else is the same everywhere. */
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
/** The form used in `environments.ts`, in which settings with a default may be omitted. */
export type EnvironmentInput = z.input<typeof environmentSchema>;
