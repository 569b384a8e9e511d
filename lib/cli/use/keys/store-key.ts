import { SSMClient } from '@aws-sdk/client-ssm';
import { toServiceError } from '../../../aws/service-error.ts';
import { getKey, isApiKey, putKey } from '../../../intelligence/keys/key-parameters.ts';
import { keyParameter, keysPath } from '../../../intelligence/keys/keys-path.ts';
import { PROVIDER_NAMES, type ProviderName } from '../../../intelligence/providers/provider.ts';
import { CliError } from '../../cli-error.ts';

/** Where a provider's key is stored in an environment. */
export interface KeyPlace {
  readonly provider: ProviderName;
  readonly path: string;
  readonly parameter: string;
}

/** @throws {CliError} if there is no such provider */
export function providerNamed(provider: string): ProviderName {
  if (isProvider(provider)) return provider;
  throw new CliError(`"${provider}" is not a provider: expected ${PROVIDER_NAMES.join(' or ')}`, 2);
}

/** @throws {CliError} if the environment's name is invalid */
export function keyPlace(provider: ProviderName, environment: string): KeyPlace {
  if (!/^[\w-]{1,40}$/.test(environment)) {
    throw new CliError(`"${environment}" is not a valid environment name`, 2);
  }
  const path = keysPath(environment);
  return { provider, path, parameter: keyParameter(path, provider) };
}

/** @throws {CliError} if it does not look like a key; the message never quotes it */
export function requireKey(text: string): string {
  const key = text.trim();
  if (isApiKey(key)) return key;
  throw new CliError('that is not a key: expected one line of printable characters');
}

/**
 * Stores a key, encrypted.
 *
 * @returns the parameter's version
 * @throws {CliError} if SSM does not store it; the message never quotes the key
 */
export async function storeKey({ provider, path, parameter }: KeyPlace, key: string): Promise<number> {
  const client = new SSMClient();
  try {
    return await putKey(client, path, provider, key);
  } catch (cause) {
    // SSM's message for a rejected value would quote it.
    const { code, hint } = toServiceError(cause, `store ${parameter}`);
    throw new CliError(`could not store ${parameter}: ${code}; ${hint}`);
  } finally {
    client.destroy();
  }
}

/**
 * Reads the stored key.
 *
 * @throws {CliError} if there is none
 * @throws {ServiceError} if SSM can't be reached, or denies access
 */
export async function storedKey({ provider, path, parameter }: KeyPlace): Promise<string> {
  const client = new SSMClient();
  try {
    const key = await getKey(client, path, provider);
    if (key !== undefined) return key;
  } catch (cause) {
    const error = toServiceError(cause, `read ${parameter}`);
    if (error.code !== 'denied') throw error;
    throw new CliError(
      `these credentials are not allowed to read ${parameter}; without --env, \`keys test\` reads a key from a prompt or from standard input and tries it`,
    );
  } finally {
    client.destroy();
  }
  throw new CliError(`${parameter} holds no key: store one with \`keys set ${provider}\``);
}

function isProvider(text: string): text is ProviderName {
  return (PROVIDER_NAMES as readonly string[]).includes(text);
}
