import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { toServiceError } from '../aws/service-error.ts';

/** A parameter's value as it was read. */
export interface ParameterValue {
  readonly value: string;
  /** Counts the parameter's values from 1. */
  readonly version: number;
  /** When this value was written, epoch milliseconds. */
  readonly changedAtMs: number;
}

/**
 * Reads a parameter once, with the client's own retries.
 *
 * @param name may end in `:<version>` for an earlier value
 * @throws {ServiceError}
 */
export async function getParameter(
  client: SSMClient,
  name: string,
  abortSignal?: AbortSignal,
): Promise<ParameterValue> {
  try {
    const command = new GetParameterCommand({ Name: name });
    const { Parameter } = await client.send(command, abortSignal === undefined ? {} : { abortSignal });
    return {
      value: Parameter?.Value ?? '',
      version: Parameter?.Version ?? 0,
      changedAtMs: Parameter?.LastModifiedDate?.getTime() ?? 0,
    };
  } catch (cause) {
    throw toServiceError(cause, `read the parameter ${name}`);
  }
}
