import {
  type GetParameterHistoryCommandInput,
  paginateGetParameterHistory,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { toServiceError } from '../aws/service-error.ts';
import type { ParameterValue } from './stored-settings.ts';

/** A current or past value of a parameter, with its author and reason. */
export interface PastValue extends ParameterValue {
  /** ARN of the user or role that wrote it; empty if SSM does not report it. */
  readonly changedBy: string;
  /** Empty if the writer gave none. */
  readonly description: string;
}

/**
 * All values of a parameter since it was created, oldest first; SSM keeps a hundred. None if the parameter does not
 * exist: its history is deleted with it.
 *
 * @throws {ServiceError}
 */
export async function* parameterHistory(client: SSMClient, name: string): AsyncGenerator<PastValue> {
  const input: GetParameterHistoryCommandInput = { Name: name };
  try {
    for await (const page of paginateGetParameterHistory({ client }, input)) {
      for (const { Value, Version, LastModifiedDate, LastModifiedUser, Description } of page.Parameters ??
        []) {
        yield {
          value: Value ?? '',
          version: Version ?? 0,
          changedAtMs: LastModifiedDate?.getTime() ?? 0,
          changedBy: LastModifiedUser ?? '',
          description: Description ?? '',
        };
      }
    }
  } catch (cause) {
    const error = toServiceError(cause, `read the history of ${name}`);
    if (error.code !== 'missing') throw error;
  }
}
