import * as z from 'zod';
import { createLocality, parseNetworks } from './locality.ts';

/** CIDR blocks of the site's own public addresses, separated by commas, as an environment variable has them. */
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
