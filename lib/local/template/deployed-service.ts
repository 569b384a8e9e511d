import { type DeployedService, readService } from './read-service.ts';
import { synthesize } from './synthesize.ts';

/**
 * The service as it would be deployed, from templates that are synthesized again if the sources changed.
 *
 * @param onSynthesis called before synthesis, which takes several seconds
 * @throws {LocalStackError} `synthesis_failed`, `template_unreadable`
 */
export async function deployedService(onSynthesis?: () => void): Promise<DeployedService> {
  return readService(await synthesize(onSynthesis));
}
