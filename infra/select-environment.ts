import { checkName, type Environment, EnvironmentError, problemsOf } from './environment.ts';
import { type EnvironmentSettings, environmentSchema } from './environment-schema.ts';
import type { SiteFile } from './site-file.ts';

/** An environment of our own app, with its account and region, and its protected stacks. */
export type SiteEnvironment = Environment & EnvironmentSettings;

const TRACKED = 'infra/environments.ts';

/**
 * Picks a deployment and checks its settings.
 *
 * @param name as given with `-c env=`
 * @param tracked the environments of `environments.ts`
 * @param site the site's own: its keys for an environment replace the tracked ones
 * @throws {EnvironmentError} one line with the error, the file it is in, and a valid value
 */
export function selectEnvironment(
  name: unknown,
  tracked: Readonly<Record<string, unknown>>,
  site?: SiteFile,
): SiteEnvironment {
  const own = site?.environments ?? {};
  const valid = [...new Set([...Object.keys(tracked), ...Object.keys(own)])].join(', ');
  if (typeof name !== 'string' || name === '') {
    throw new EnvironmentError(`which environment? Use -c env=NAME with one of ${valid}`);
  }
  const isOwn = Object.hasOwn(own, name);
  if (!isOwn && !Object.hasOwn(tracked, name)) {
    const files = site === undefined ? TRACKED : `${site.name} or ${TRACKED}`;
    throw new EnvironmentError(`there is no environment "${name}" in ${files}; there are ${valid}`);
  }
  checkName(name);
  const stated = Object.hasOwn(tracked, name) ? tracked[name] : {};
  const checked = environmentSchema.safeParse(isOwn ? Object.assign({}, stated, own[name]) : stated);
  if (checked.success) return { name, ...checked.data };
  const file = (isOwn && site?.name) || TRACKED;
  throw new EnvironmentError(`environment "${name}" in ${file}: ${problemsOf(checked.error)}`);
}

/** The credentials in use, as given by the CDK's command line; empty if there are none. */
export interface Credentials {
  readonly CDK_DEFAULT_ACCOUNT?: string | undefined;
  readonly CDK_DEFAULT_REGION?: string | undefined;
}

/**
 * Rejects credentials for another account or region than the environment's. Without credentials, as for synthesis
 * alone, there is nothing to reject: the region is then only the command line's default.
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
