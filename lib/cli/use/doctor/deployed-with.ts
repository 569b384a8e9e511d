import * as z from 'zod';
import type { DeployedWith } from '../../../aws/stack-outputs.ts';

const schema = z.object({
  isDataRetained: z.boolean(),
  logRetentionDays: z.number(),
  maximumConcurrency: z.number(),
  isRollbackReserved: z.boolean(),
  existingLogBuckets: z.array(z.string()),
}) satisfies z.ZodType<DeployedWith>;

/** Parses the stack output; undefined if there is none, or it has another version's format. */
export function readDeployedWith(text: string | undefined): DeployedWith | undefined {
  try {
    return schema.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}
