import { GetParametersCommand, type Parameter, type SSMClient } from '@aws-sdk/client-ssm';
import { ServiceError, toServiceError } from '../aws/service-error.ts';

/** Names of the two parameters that hold an environment's settings. */
export interface SettingsNames {
  /** The settings of an operator or a rollback; absent until they are first set, and after a reset. */
  readonly settings: string;
  /** The settings a deployment begins with, in force until others are set. */
  readonly initial: string;
}

/** A parameter's value as it was read. */
export interface ParameterValue {
  readonly value: string;
  /** Counts the parameter's values from 1; starts at 1 again after a deletion. */
  readonly version: number;
  /** When this value was written, epoch milliseconds. */
  readonly changedAtMs: number;
}

/** The values of both parameters; undefined for one that does not exist. */
export interface StoredSettings {
  readonly operator: ParameterValue | undefined;
  readonly initial: ParameterValue | undefined;
}

/** Whose settings are in force: an operator's (or a rollback's), or those of the deployment. */
export type SettingsSource = 'operator' | 'initial';

/** The value in force, readable or not. */
export interface ValueInForce extends ParameterValue {
  readonly source: SettingsSource;
}

/** The settings if they exist, whatever they hold, else the initial ones; undefined if there are neither. */
export function valueInForce({ operator, initial }: StoredSettings): ValueInForce | undefined {
  if (operator !== undefined) return { ...operator, source: 'operator' };
  return initial && { ...initial, source: 'initial' };
}

/**
 * Reads both parameters in one call, so that no one sees settings deleted before they see the initial ones. A parameter
 * counts as absent only if Parameter Store says that it does not exist.
 *
 * @throws {ServiceError} if they can't be read
 */
export async function readStoredSettings(
  client: SSMClient,
  names: SettingsNames,
  abortSignal?: AbortSignal,
): Promise<StoredSettings> {
  const action = `read the parameters ${names.settings} and ${names.initial}`;
  const command = new GetParametersCommand({ Names: [names.settings, names.initial] });
  try {
    const answer = await client.send(command, abortSignal === undefined ? {} : { abortSignal });
    const { Parameters = [], InvalidParameters = [] } = answer;
    const found = (name: string): ParameterValue | undefined => {
      const parameter = Parameters.find(({ Name }) => Name === name);
      if (parameter !== undefined) return toValue(parameter);
      if (InvalidParameters.includes(name)) return undefined;
      throw new ServiceError('unavailable', `could not ${action}: the answer does not mention ${name}`);
    };
    return { operator: found(names.settings), initial: found(names.initial) };
  } catch (cause) {
    throw toServiceError(cause, action);
  }
}

function toValue({ Value = '', Version = 0, LastModifiedDate }: Parameter): ParameterValue {
  return { value: Value, version: Version, changedAtMs: LastModifiedDate?.getTime() ?? 0 };
}
