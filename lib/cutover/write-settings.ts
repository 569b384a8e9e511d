import { DeleteParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { toServiceError } from '../aws/service-error.ts';
import { sendOnce } from './send-once.ts';

/**
 * How settings are written that are there already, or not yet. `overwrite` takes whatever is there, and creates the
 * parameter where somebody has just deleted it. `create` fails with the code `exists` where somebody was faster.
 */
export type WriteKind = 'overwrite' | 'create';

/**
 * Writes a parameter. The write is sent once: where no answer comes, look at the parameter.
 *
 * @param description why, for the history; at most 1024 characters
 * @returns the version that was written
 * @throws {ServiceError} `isApplied` says whether the value may have been written all the same
 */
export async function writeSettings(
  client: SSMClient,
  name: string,
  kind: WriteKind,
  { value, description }: { readonly value: string; readonly description: string },
): Promise<number> {
  const command = new PutParameterCommand({
    Name: name,
    Value: value,
    Description: description,
    Overwrite: kind === 'overwrite',
    Type: 'String',
  });
  try {
    const { Version = 0 } = await client.send(sendOnce(command));
    return Version;
  } catch (cause) {
    throw toServiceError(cause, `write the parameter ${name}`);
  }
}

/**
 * Deletes a parameter with its history. The call is sent once: where no answer comes, look at the parameter.
 *
 * @throws {ServiceError} with the code `missing` where there is none; `isApplied` says whether it may be gone all the same
 */
export async function deleteSettings(client: SSMClient, name: string): Promise<void> {
  try {
    await client.send(sendOnce(new DeleteParameterCommand({ Name: name })));
  } catch (cause) {
    throw toServiceError(cause, `delete the parameter ${name}`);
  }
}
