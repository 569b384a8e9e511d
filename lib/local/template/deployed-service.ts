import { type DeployedService, readService } from './read-service.ts';
import { synthesize } from './synthesize.ts';

/**
 * The service as it would be deployed, from templates synthesized when the sources changed.
 *
 * @throws {LocalStackError} `synthesis_failed`, `template_unreadable`
 */
export async function deployedService(): Promise<DeployedService> {
  return readService(await synthesize());
}
