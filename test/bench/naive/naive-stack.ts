import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleHandler } from '../../../infra/bundling/bundle-handler.ts';
import { type LocalStack, startLocalStack } from '../../../lib/local/stack.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';

const HANDLER = fileURLToPath(new URL('./naive-handler.ts', import.meta.url));
/** The most messages that an event source delivers together without a wait for more. */
const BATCH_SIZE = 10;

/** The naive design on the same emulators, with the same meters. */
export async function startNaiveStack(): Promise<LocalStack> {
  const folder = await mkdtemp(join(tmpdir(), 'threat-consensus-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const bundlePath = await bundleHandler(HANDLER, join(folder, 'naive-handler.mjs'));
  const { definition } = DEPLOYED;
  const eventSource = { ...definition.eventSource, batchSize: BATCH_SIZE };
  return await startLocalStack({ bundlePath, definition: { ...definition, eventSource } });
}
