import * as z from 'zod';
import { announcementSettings } from '../../lib/announcement/announcement-settings.ts';

const environment = z.object({
  TABLE_NAME: z.string().min(3),
  /** Name or ARN of the bus. */
  EVENT_BUS: z.string().min(1),
  /** Name of the deployment, the prefix of its announcements' uids. */
  ENVIRONMENT_NAME: z.string().min(1),
  /** What is announced, as JSON. */
  ANNOUNCEMENTS: z
    .string()
    .default('{}')
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'expected JSON', input: text });
        return z.NEVER;
      }
    })
    .pipe(announcementSettings),
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
  throw new Error(`environment variables of announce-findings: ${problems.join('; ')}`);
}
