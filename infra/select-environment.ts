import { checkName, type Environment, EnvironmentError, problemsOf } from './environment.ts';
import { type EnvironmentSettings, environmentSchema } from './environment-schema.ts';

/** An environment of our own app: also where it belongs, and which of its stacks are protected. */
export type SiteEnvironment = Environment & EnvironmentSettings;

/**
 * Picks a deployment and checks its settings.
 *
 * @param name as given with `-c env=`
 * @throws {EnvironmentError} one line that says what is wrong and what would be right
 */
export function selectEnvironment(
  name: unknown,
  environments: Readonly<Record<string, unknown>>,
): SiteEnvironment {
  const valid = Object.keys(environments).join(', ');
  if (typeof name !== 'string' || name === '') {
    throw new EnvironmentError(`which environment? Use -c env=NAME with one of ${valid}`);
  }
  if (!Object.hasOwn(environments, name)) {
    throw new EnvironmentError(
      `there is no environment "${name}" in infra/environments.ts; there are ${valid}`,
    );
  }
  checkName(name);
  const checked = environmentSchema.safeParse(environments[name]);
  if (checked.success) return { name, ...checked.data };
  throw new EnvironmentError(`environment "${name}" in infra/environments.ts: ${problemsOf(checked.error)}`);
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
  { name, account, region }: SiteEnvironment,
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
