import * as z from 'zod';
import { feedChoice } from '../../lib/intelligence/feeds/choose-feeds.ts';
import { homeNetworksVariable } from '../../lib/records/home-networks.ts';

const environment = z.object({
  TABLE_NAME: z.string().min(3),
  /** The site's changes to the catalogue, as JSON. */
  FEEDS: z.string().transform((text, context) => {
    const parsed = feedChoice.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    const message = parsed.error.issues
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      .join(', ');
    context.addIssue({ code: 'custom', message, input: text });
    return z.NEVER;
  }),
  /** Path of the providers' keys: `/threat-consensus/prod/keys`. */
  PROVIDER_KEYS_PATH: z
    .string()
    .regex(/^(?:\/[\w.-]+)+$/, 'expected a path such as /threat-consensus/prod/keys'),
  /** CIDR blocks of the site's own public addresses, separated by commas. */
  HOME_NETWORKS: homeNetworksVariable,
});

export type Environment = z.output<typeof environment>;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads the function's settings from its environment variables.
 *
 * @throws Error with one line that names each wrong variable and what was expected
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const checked = environment.safeParse(variables);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`environment variables of refresh-feeds: ${problems.join('; ')}`);
}
