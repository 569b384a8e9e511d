import * as z from 'zod';
import { createLocality, parseNetworks } from '../../lib/records/locality.ts';

const days = z.coerce.number().int().min(1).max(3650);

const environment = z.object({
  TABLE_NAME: z.string().min(3),
  REJECTED_QUEUE_URL: z.url(),
  /** Name of the parameter that holds the settings. */
  SETTINGS_PARAMETER: z.string().min(1),
  /** How long settings are used before the parameter is read again. */
  SETTINGS_MAX_AGE_SECONDS: z.coerce.number().positive().max(3600).default(30),
  /** CIDR blocks of the site's own public addresses, separated by commas. */
  HOME_NETWORKS: z
    .string()
    .default('')
    .transform((list, context) => {
      try {
        const networks = parseNetworks(list);
        createLocality(networks);
        return networks;
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message, input: list });
        return z.NEVER;
      }
    }),
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
