import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { access, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { IS_BUILT, PACKAGE_FOLDER } from '../../files/package-folder.ts';
import { isWritableFolder, userCacheFolder } from '../../files/user-folders.ts';
import { LocalStackError, messageOf } from '../errors.ts';

/** The checkout's cache, which may belong to another user. */
const SHARED_CACHE = join(PACKAGE_FOLDER, 'node_modules/.cache/threat-consensus');
/** The environment whose definitions the embedded stack uses: one that may be deleted. */
const LOCAL_ENVIRONMENT = 'dev';
/** Cache in an installed package, synthesized when it was built. */
const SYNTHESIZED = join(PACKAGE_FOLDER, 'dist/templates');
/** Inputs of the templates and bundles. */
const SOURCES = ['cdk.json', 'package-lock.json', '{functions,infra,lib}/**/*.{ts,json}'];

/**
 * Synthesizes the templates and bundles that would be deployed, unless they are cached for the same sources.
 *
 * @param onStart called before synthesis, since it takes several seconds
 * @returns the folder that holds them
 * @throws {LocalStackError} `synthesis_failed`
 */
export async function synthesize(onStart: () => void = () => {}): Promise<string> {
  if (IS_BUILT) return SYNTHESIZED;
  const hash = hashOfSources();
  const shared = join(SHARED_CACHE, hash);
  if (await exists(shared)) return shared;
  const cache = isWritableFolder(SHARED_CACHE) ? SHARED_CACHE : await ownCache();
  const cached = join(cache, hash);
  if (await exists(cached)) return cached;
  onStart();
  try {
    const outputFolder = await mkdtemp(join(cache, 'unfinished-'));
    try {
      await runApp(outputFolder);
      await forgetEarlier(cache, outputFolder);
      // Atomic, so that no process finds half of it.
      await rename(outputFolder, cached);
    } finally {
      await rm(outputFolder, { recursive: true, force: true });
    }
  } catch (cause) {
    // Another process may have been faster.
    if (await exists(cached)) return cached;
    throw new LocalStackError('synthesis_failed', `Cannot synthesize the stacks: ${reasonOf(cause)}`, {
      cause,
    });
  }
  return cached;
}

/** A cache of this user; for this run alone if that can't be written either. */
async function ownCache(): Promise<string> {
  const folder = join(userCacheFolder(), 'templates');
  return isWritableFolder(folder) ? folder : await mkdtemp(join(tmpdir(), 'threat-consensus-'));
}

/** Makes the template name the path of each function's bundle, as the CDK's command line does. */
const ASSET_METADATA = 'aws:cdk:enable-asset-metadata';

/** Runs the app like the CDK's command line. */
async function runApp(outputFolder: string): Promise<void> {
  const { context } = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'cdk.json'), 'utf8')) as {
    context: object;
  };
  await promisify(execFile)(process.execPath, [join(PACKAGE_FOLDER, 'infra/app.ts')], {
    cwd: PACKAGE_FOLDER,
    env: {
      ...process.env,
      CDK_OUTDIR: outputFolder,
      CDK_CONTEXT_JSON: JSON.stringify({
        ...context,
        [ASSET_METADATA]: true,
        env: LOCAL_ENVIRONMENT,
        // A site's own configuration does not belong in the published package.
        config: '',
      }),
    },
  });
}

function hashOfSources(): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of SOURCES.flatMap((pattern) => globSync(pattern, { cwd: PACKAGE_FOLDER })).sort()) {
    hash.update(file).update(readFileSync(join(PACKAGE_FOLDER, file)));
  }
  return hash.digest('base64url');
}

/** Longer than any run that may still start its bundle. */
const KEPT_MS = 7 * 86_400_000;

async function forgetEarlier(cache: string, newest: string): Promise<void> {
  for (const entry of await readdir(cache)) {
    const path = join(cache, entry);
    const { mtimeMs } = await stat(path);
    if (path !== newest && Date.now() - mtimeMs > KEPT_MS) await rm(path, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** The app writes its errors to standard error; the line with the reason comes first. */
function reasonOf(cause: unknown): string {
  const { stderr } = cause as { readonly stderr?: string };
  const line = stderr?.split('\n').find((text) => /error/i.test(text)) ?? stderr?.split('\n', 1)[0];
  return line === undefined || line === '' ? messageOf(cause) : line.trim();
}
