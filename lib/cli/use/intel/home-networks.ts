import { NO_NETWORKS, OUTPUTS } from '../../../aws/stack-outputs.ts';
import { parseNetworks } from '../../../records/locality.ts';
import { environmentOf } from '../target/open-target.ts';
import type { TargetOptions } from '../target/resources.ts';

/** The networks given in a call, plus those of its environment. */
export async function homeNetworksOf(
  options: TargetOptions & { readonly home?: readonly string[] },
): Promise<string[]> {
  const { home = [] } = options;
  const environment = environmentOf(options);
  if (environment === undefined) return [...home];
  const { optionalOutputOf } = await import('../target/deployment.ts');
  const stated = (await optionalOutputOf(environment, OUTPUTS.homeNetworks)) ?? NO_NETWORKS;
  return stated === NO_NETWORKS ? [...home] : [...home, ...parseNetworks(stated)];
}
