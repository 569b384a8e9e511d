import * as z from 'zod';

const environment = z.object({
  /** Name of the parameter that holds the settings. */
  SETTINGS_PARAMETER: z.string().min(1),
  /** Name of the parameter that holds the initial settings. */
  INITIAL_SETTINGS_PARAMETER: z.string().min(1),
  /** Name of the alarm that triggers the rollback. */
  ROLLBACK_ALARM: z.string().min(1),
  /** SNS topics that notify humans, separated by commas. */
  ALARM_TOPIC_ARNS: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.string().startsWith('arn:'))),
  /** Name of the service in notices. */
  POWERTOOLS_SERVICE_NAME: z.string().min(1),
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
  throw new Error(`environment variables of roll-back-cutover: ${problems.join('; ')}`);
}
