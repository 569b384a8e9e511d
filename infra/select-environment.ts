import { type EnvironmentSettings, environmentSchema } from './environment-schema.ts';

/** One deployment: its name and what is particular to it. */
export interface Environment extends EnvironmentSettings {
  readonly name: string;
}

/** A mistake of the caller's: reported in one line, without a stack trace. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** Stack names, parameter names and metrics hold it. */
const NAME = /^[a-z][a-z0-9]{0,19}$/;

/**
 * Picks a deployment and checks its settings.
 *
 * @param name as given with `-c env=`
 * @throws {EnvironmentError} one line that says what is wrong and what would be right
 */
export function selectEnvironment(
  name: unknown,
  environments: Readonly<Record<string, unknown>>,
): Environment {
  const valid = Object.keys(environments).join(', ');
  if (typeof name !== 'string' || name === '') {
    throw new EnvironmentError(`which environment? Use -c env=NAME with one of ${valid}`);
  }
  if (!Object.hasOwn(environments, name)) {
    throw new EnvironmentError(
      `there is no environment "${name}" in infra/environments.ts; there are ${valid}`,
    );
  }
  if (!NAME.test(name)) {
    throw new EnvironmentError(
      `environment "${name}": expected a name of up to 20 lower-case letters and digits, beginning with a letter`,
    );
  }
  const checked = environmentSchema.safeParse(environments[name]);
  if (checked.success) return { name, ...checked.data };
  const problems = checked.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'settings'}: ${message}`,
  );
  throw new EnvironmentError(`environment "${name}" in infra/environments.ts: ${problems.join('; ')}`);
}

/** What the CDK's command line says of the credentials in use; nothing if there are none. */
export interface Credentials {
  readonly CDK_DEFAULT_ACCOUNT?: string | undefined;
  readonly CDK_DEFAULT_REGION?: string | undefined;
}

/**
 * Refuses credentials that lead elsewhere than the environment belongs. Without credentials, as for synthesis alone,
 * there is nothing to refuse: the region is then only the command line's default.
 *
 * @throws {EnvironmentError}
 */
export function refuseOtherAccount(
  { name, account, region }: Environment,
  { CDK_DEFAULT_ACCOUNT: callerAccount, CDK_DEFAULT_REGION: callerRegion }: Credentials,
): void {
  if (!callerAccount) return;
  if (account !== undefined && account !== callerAccount) {
    throw new EnvironmentError(
      `environment "${name}" belongs to account ${account}, but these credentials belong to ${callerAccount}; use a profile for ${account}`,
    );
  }
  if (region !== undefined && callerRegion && region !== callerRegion) {
    throw new EnvironmentError(
      `environment "${name}" is in ${region}, but the shell's region is ${callerRegion}; set AWS_REGION=${region}`,
    );
  }
}
