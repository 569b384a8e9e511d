import * as z from 'zod';
import { announcementSettings } from '../../lib/announcement/announcement-settings.ts';
import { PROVIDERS } from '../../lib/intelligence/providers/providers.ts';
import { homeNetworksVariable } from '../../lib/records/home-networks.ts';

/** Address of a provider: over TLS, or on this machine, so that a key never crosses a network unencrypted. */
const providerUrl = z.string().transform((text, context) => {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (url !== null && isSafe && url.origin === text.replace(/\/$/, '')) return url.origin;
  const message = 'expected https://host, or http:// on the loopback interface, without a path';
  context.addIssue({ code: 'custom', message, input: text });
  return z.NEVER;
});

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

const calls = z.coerce.number().int().min(1).max(10_000_000);
const hours = z.coerce
  .number()
  .positive()
  .max(24 * 30);

const maxAge = z.coerce.number().positive().max(3600);

const days = z.coerce.number().int().min(1).max(3650);

function parsedJson(text: string, context: z.RefinementCtx<string>): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'expected JSON', input: text });
    return z.NEVER;
  }
}

const environment = z.object({
  TABLE_NAME: z.string().min(3),
  REJECTED_QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
  /** Invokes the function that sends announcements. */
  ANNOUNCEMENTS_QUEUE_URL: z.url(),
  /** What is announced, as JSON: see `announcementSettings`. */
  ANNOUNCEMENTS: z.string().default('{}').transform(parsedJson).pipe(announcementSettings),
  /** Name of the parameter that holds the settings. */
  SETTINGS_PARAMETER: z.string().min(1),
  /** Name of the parameter that holds the initial settings. */
  INITIAL_SETTINGS_PARAMETER: z.string().min(1),
  /** How long settings are used before they are read again. */
  SETTINGS_MAX_AGE_SECONDS: maxAge.default(30),
  /** CIDR blocks of the site's own public addresses, separated by commas. */
  HOME_NETWORKS: homeNetworksVariable,
  RETENTION_DAYS: days.default(90),
  /** Path of the providers' keys: `/threat-consensus/prod/keys`. Without it, no provider is asked. */
  PROVIDER_KEYS_PATH: z
    .string()
    .regex(/^(?:\/[\w.-]+)+$/, 'expected a path such as /threat-consensus/prod/keys')
    .optional(),
  /** How long keys are used before they are read again. */
  PROVIDER_KEYS_MAX_AGE_SECONDS: maxAge.default(300),
  /** How long lists are used before the table is checked for newer ones. */
  LISTS_MAX_AGE_SECONDS: maxAge.default(30),
  VIRUSTOTAL_URL: providerUrl.default(PROVIDERS.virustotal.baseUrl),
  VIRUSTOTAL_CALLS_PER_MINUTE: calls.default(4),
  VIRUSTOTAL_CALLS_PER_DAY: calls.default(500),
  ABUSEIPDB_URL: providerUrl.default(PROVIDERS.abuseipdb.baseUrl),
  ABUSEIPDB_CALLS_PER_MINUTE: calls.default(60),
  ABUSEIPDB_CALLS_PER_DAY: calls.default(1_000),
  /** How long a "known" and an "unknown" answer are used. */
  INTEL_TTL_HOURS: hours.default(24),
  INTEL_UNKNOWN_TTL_HOURS: hours.default(6),
  /** How long from an invocation's start its verdicts wait for providers; later answers are added to them. */
  LOOKUP_WAIT_MS: z.coerce.number().int().min(0).max(5_000).default(25),
  /** Time limit of one call to a provider. */
  LOOKUP_TIMEOUT_MS: z.coerce.number().int().min(100).max(10_000).default(2_000),
});

export type Environment = z.output<typeof environment>;

/**
 * Reads the function's settings from its environment variables.
 *
 * @throws Error with one line that names each wrong variable and what was expected
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const checked = environment.safeParse(variables);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`environment variables of score-connections: ${problems.join('; ')}`);
}
