import * as z from 'zod';
import type { DeployedWith } from '../../../aws/stack-outputs.ts';

const schema = z.object({
  isDataRetained: z.boolean(),
  logRetentionDays: z.number(),
  maximumConcurrency: z.number(),
  isRollbackReserved: z.boolean(),
  existingLogBuckets: z.array(z.string()),
}) satisfies z.ZodType<DeployedWith>;

/** Reads what an output says; undefined if there is none, or another version wrote it. */
export function readDeployedWith(text: string | undefined): DeployedWith | undefined {
  try {
    return schema.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}
