import * as z from 'zod';
import { logSource } from '../../lib/ingestion/log-sources.ts';
import { homeNetworksVariable } from '../../lib/records/home-networks.ts';
import { parseJson } from '../../lib/records/parse-json.ts';

const environment = z.object({
  TABLE_NAME: z.string().min(3),
  /** Destination of records. */
  WORK_QUEUE_URL: z.url(),
  REJECTED_QUEUE_URL: z.url(),
  /** Source of notifications, and the queue for those that can't be served. */
  INGEST_QUEUE_URL: z.url(),
  INGEST_DEAD_LETTER_QUEUE_URL: z.url(),
  /** Buckets and prefixes that are read, as JSON. */
  LOG_SOURCES: z
    .string()
    .transform((text, context) => {
      const json = parseJson(text);
      if (json.ok) return json.value;
      context.addIssue({ code: 'custom', message: json.reason, input: text });
      return z.NEVER;
    })
    .pipe(z.array(logSource).min(1)),
  HOME_NETWORKS: homeNetworksVariable,
  /** How long the state of an object is kept. */
  RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(90),
  /** How long an invocation starts new windows of an object. */
  SLICE_SECONDS: z.coerce.number().positive().max(600).default(120),
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
  throw new Error(`environment variables of read-log-file: ${problems.join('; ')}`);
}
