import * as z from 'zod';

const days = z.coerce.number().int().min(1).max(3650);

const environment = z.object({
  TABLE_NAME: z.string().min(3),
  REJECTED_QUEUE_URL: z.url(),
  /** CIDR blocks of the site's own public addresses, separated by commas. */
  HOME_NETWORKS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((block) => block.trim())
        .filter((block) => block !== ''),
    ),
  RETENTION_DAYS: days.default(90),
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
