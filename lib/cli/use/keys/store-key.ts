import { SSMClient } from '@aws-sdk/client-ssm';
import { toServiceError } from '../../../aws/service-error.ts';
import { isApiKey, putKey } from '../../../intelligence/keys/key-parameters.ts';
import { keyParameter, keysPath } from '../../../intelligence/keys/keys-path.ts';
import { PROVIDER_NAMES, type ProviderName } from '../../../intelligence/providers/provider.ts';
import { CliError } from '../../cli-error.ts';

/** Where a provider's key is stored in an environment. */
export interface KeyPlace {
  readonly provider: ProviderName;
  readonly path: string;
  readonly parameter: string;
}

/** @throws {CliError} where there is no such provider, or the environment's name is none */
export function keyPlace(provider: string, environment: string): KeyPlace {
  if (!isProvider(provider)) {
    throw new CliError(`"${provider}" is no provider: expected ${PROVIDER_NAMES.join(' or ')}`, 2);
  }
  if (!/^[\w-]{1,40}$/.test(environment)) {
    throw new CliError(`"${environment}" is no name of an environment`, 2);
  }
  const path = keysPath(environment);
  return { provider, path, parameter: keyParameter(path, provider) };
}

/**
 * Stores a key, encrypted.
 *
 * @returns the parameter's version
 * @throws {CliError} where it is no key, or SSM does not store it; the key is not quoted
 */
export async function storeKey({ provider, path, parameter }: KeyPlace, key: string): Promise<number> {
  // What was read is not quoted, whatever it is.
  if (!isApiKey(key)) throw new CliError(`that is no key: expected one line of printable characters`);
  const client = new SSMClient();
  try {
    return await putKey(client, path, provider, key);
  } catch (cause) {
    // SSM's message for a value that it does not take would quote it.
    const { code } = toServiceError(cause, `store ${parameter}`);
    throw new CliError(
      `could not store ${parameter}: ${code}; are AWS_REGION and credentials set, and is it permitted?`,
    );
  } finally {
    client.destroy();
  }
}

function isProvider(text: string): text is ProviderName {
  return (PROVIDER_NAMES as readonly string[]).includes(text);
}
