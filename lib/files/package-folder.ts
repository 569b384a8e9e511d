import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** The folder with this package's `package.json`: a checkout, or a folder in `node_modules`. */
export const PACKAGE_FOLDER = dirname(findPackageJSON('.', import.meta.url) ?? '.');

/** Whether this is the built package, without sources, rather than a checkout. */
export const IS_BUILT = import.meta.url.endsWith('.js');
