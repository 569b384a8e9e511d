import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CampaignRequest, CampaignResult } from './campaign-result.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Results of campaigns, stored per version of the code, so that a long series can be interrupted. */
export class KeptResults {
  readonly #folder = join(ROOT, '.build/chaos/results', fingerprint());

  find(request: CampaignRequest): CampaignResult | undefined {
    const file = this.#fileOf(request);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CampaignResult) : undefined;
  }

  keep(request: CampaignRequest, result: CampaignResult): void {
    mkdirSync(this.#folder, { recursive: true });
    const file = this.#fileOf(request);
    writeFileSync(`${file}.part`, JSON.stringify(result, undefined, 1));
    renameSync(`${file}.part`, file);
  }

  #fileOf({ seed, records, isProcess, endpoint }: CampaignRequest): string {
    const kind = isProcess ? 'process' : endpoint === undefined ? 'memory' : 'remote';
    return join(this.#folder, `${kind}-${records}-seed-${seed}.json`);
  }
}

/** Changes with every file that a campaign uses. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of globSync('{lib,functions,test/chaos}/**/*.{ts,json}', { cwd: ROOT }).sort()) {
    hash.update(`${file}\n`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest('hex').slice(0, 12);
}
