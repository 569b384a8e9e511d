import * as z from 'zod';
import { createLocality, parseNetworks } from './locality.ts';

/** The site's public CIDR blocks, comma-separated, as set in an environment variable. */
export const homeNetworksVariable = z
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
  });
