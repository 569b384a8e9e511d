import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { toParameterError } from './parameter-error.ts';

/**
 * Writes over a parameter, whatever it holds.
 *
 * @param description why, for the history; at most 1024 characters
 * @returns the version that the value has got
 * @throws {ParameterError}
 */
export async function overwriteParameter(
  client: SSMClient,
  name: string,
  value: string,
  description: string,
): Promise<number> {
  try {
    const written = await client.send(
      new PutParameterCommand({
        Name: name,
        Value: value,
        Description: description,
        Overwrite: true,
        Type: 'String',
      }),
    );
    return written.Version ?? 0;
  } catch (cause) {
    throw toParameterError(cause, `write the parameter ${name}`);
  }
}
