import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { toServiceError } from '../aws/service-error.ts';
import { sendOnce } from './send-once.ts';

/**
 * Writes over a parameter, whatever it holds. The write is sent once: where no answer comes, look at the parameter.
 *
 * @param description why, for the history; at most 1024 characters
 * @throws {ServiceError} `isApplied` says whether the value may have been written all the same
 */
export async function overwriteParameter(
  client: SSMClient,
  name: string,
  value: string,
  description: string,
): Promise<void> {
  const command = new PutParameterCommand({
    Name: name,
    Value: value,
    Description: description,
    Overwrite: true,
    Type: 'String',
  });
  try {
    await client.send(sendOnce(command));
  } catch (cause) {
    throw toServiceError(cause, `write the parameter ${name}`);
  }
}
