import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../../lib/files/package-folder.ts';
import { billOfMaterials, type LockedPackages } from './bill-of-materials.ts';
import { bundledInputs } from './bundled-inputs.ts';
import { EMULATORS } from './package-bundling.ts';

/** @returns the bill of materials of this checkout, as JSON */
export async function billText(): Promise<string> {
  const lockfile = JSON.parse(await readFile(join(PACKAGE_FOLDER, 'package-lock.json'), 'utf8')) as {
    readonly name: string;
    readonly packages: LockedPackages;
  };
  const { version = '', license = '' } = lockfile.packages[''] ?? {};
  const application = { name: lockfile.name, version, license };
  const bill = billOfMaterials(application, await bundledInputs(), EMULATORS, lockfile.packages);
  return `${JSON.stringify(bill, null, 2)}\n`;
}
