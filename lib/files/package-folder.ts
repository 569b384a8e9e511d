import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** The folder of this package's `package.json`: a checkout's, or the one in somebody's `node_modules`. */
export const PACKAGE_FOLDER = dirname(findPackageJSON('.', import.meta.url) ?? '.');

/** Whether this is the built package, which has no sources, rather than a checkout. */
export const IS_BUILT = import.meta.url.endsWith('.js');
