import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleHandler, READABLE } from '../../../infra/bundling/bundle-handler.ts';
import type { FunctionDefinition } from '../../../lib/local/template/service-definition.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';

const HANDLER = fileURLToPath(new URL('../../../functions/score-connections/handler.ts', import.meta.url));
const SCORING = DEPLOYED.definition.function;
const HOST = fileURLToPath(new URL('./host.ts', import.meta.url));

export interface FunctionBuild {
  readonly bundlePath: string;
  readonly hostPath: string;
  readonly definition: FunctionDefinition;
  /** Environment variables beside or instead of the definition's. */
  readonly variables?: Readonly<Record<string, string>>;
}

let folder: Promise<string> | undefined;
/** The function as it is deployed. */
export async function deployedFunction(): Promise<FunctionBuild> {
  return { bundlePath: DEPLOYED.bundlePath, hostPath: await buildHost(), definition: SCORING };
}

/** The function that reads log files, as it is deployed. */
export async function deployedLogReader(): Promise<FunctionBuild> {
  const { buckets, consumers } = DEPLOYED.definition;
  const reader = consumers.find(({ eventSource }) => eventSource.queue === buckets[0]?.queue);
  if (reader === undefined) throw new Error('no function reads log files');
  return { bundlePath: reader.bundlePath, hostPath: await buildHost(), definition: reader.function };
}

/** The function of another checkout of this project, bundled by that checkout. */
export async function functionOfCheckout(checkout: string): Promise<FunctionBuild> {
  const bundler = pathToFileURL(join(checkout, 'infra/bundling/bundle-handler.ts')).href;
  const { bundleHandler: bundleThere } = (await import(bundler)) as { bundleHandler: typeof bundleHandler };
  const bundlePath = join(await temporaryFolder(), 'other-handler.mjs');
  await bundleThere(join(checkout, 'functions/score-connections/handler.ts'), bundlePath);
  return { bundlePath, hostPath: await buildHost(), definition: SCORING };
}

/** The deployed code, but with its functions' names. */
export async function readableFunction(): Promise<FunctionBuild> {
  const bundlePath = join(await temporaryFolder(), 'readable-handler.mjs');
  await bundleHandler(HANDLER, bundlePath, READABLE);
  return { bundlePath, hostPath: await buildHost(), definition: SCORING };
}

async function buildHost(): Promise<string> {
  const outfile = join(await temporaryFolder(), 'host.mjs');
  await build({ bundle: true, platform: 'node', format: 'esm', entryPoints: [HOST], outfile });
  return outfile;
}

async function temporaryFolder(): Promise<string> {
  folder ??= makeFolder();
  return await folder;
}

async function makeFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'threat-consensus-bench-'));
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}
