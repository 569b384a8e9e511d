import { DeleteParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { toServiceError } from '../aws/service-error.ts';
import { sendOnce } from './send-once.ts';

/**
 * How settings are written. `overwrite` replaces any existing value, and creates the parameter if it has just been
 * deleted. `create` fails with the code `exists` if another writer was faster.
 */
export type WriteKind = 'overwrite' | 'create';

/**
 * Writes a parameter. The write is sent once: if there is no answer, read the parameter.
 *
 * @param description the reason, for the history; at most 1024 characters
 * @returns the version that was written
 * @throws {ServiceError} `isApplied` says whether the value may have been written anyway
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
 * Deletes a parameter with its history. The call is sent once: if there is no answer, read the parameter.
 *
 * @throws {ServiceError} with the code `missing` if there is none; `isApplied` says whether it may be deleted anyway
 */
export async function deleteSettings(client: SSMClient, name: string): Promise<void> {
  try {
    await client.send(sendOnce(new DeleteParameterCommand({ Name: name })));
  } catch (cause) {
    throw toServiceError(cause, `delete the parameter ${name}`);
  }
}
