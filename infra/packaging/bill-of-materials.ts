/** A dependency as listed in the lockfile. */
export interface LockedPackage {
  readonly version: string;
  /** SPDX expression. */
  readonly license?: string;
  /** In npm's form: `sha512-` and base64. */
  readonly integrity?: string;
}

/** The packages of a lockfile by their folder: `node_modules/zod`. */
export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/** The inputs of each bundle: their paths relative to the package. */
export type BundledInputs = Readonly<Record<string, readonly string[]>>;

/**
 * Makes a bill of materials in CycloneDX 1.6: each dependency with code in a bundle, with the bundles that have it, and
 * those installed alongside the package. It contains no timestamp, so the same sources make the same bill.
 *
 * @param bundles by name: `score-connections`
 * @param beside names of dependencies that are not bundled
 * @throws {Error} if a dependency is not in the lockfile
 */
export function billOfMaterials(
  application: { readonly name: string; readonly version: string; readonly license: string },
  bundles: BundledInputs,
  beside: readonly string[],
  locked: LockedPackages,
): object {
  // One version may be in several folders.
  const places = new Map<string, { readonly folder: string; readonly found: Set<string> }>();
  const note = (folder: string, place: string) => {
    const key = `${nameIn(folder)}@${locked[folder]?.version}`;
    const known = places.get(key) ?? { folder, found: new Set() };
    places.set(key, known);
    known.found.add(place);
  };
  for (const name of beside) note(`node_modules/${name}`, 'installed beside');
  for (const [bundle, inputs] of Object.entries(bundles)) {
    for (const folder of new Set(inputs.flatMap((path) => packageFolder(path) ?? []))) note(folder, bundle);
  }
  const components = [...places].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', ...identity(application.name, application) } },
    components: components.map(([, { folder, found }]) => {
      const entry = locked[folder];
      if (entry === undefined) throw new Error(`${folder} is not in the lockfile`);
      return {
        type: 'library',
        ...identity(nameIn(folder), entry),
        ...(entry.integrity !== undefined && { hashes: [hashOf(entry.integrity)] }),
        properties: [...found].map((value) => ({ name: 'threat-consensus:bundle', value })),
      };
    }),
  };
}

/** The folder of the package that a file belongs to; undefined for our own. */
function packageFolder(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function nameIn(folder: string): string {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function identity(fullName: string, { version, license }: LockedPackage) {
  const [group, name = fullName] = fullName.startsWith('@') ? fullName.split('/') : [undefined, fullName];
  // Source: package-url specification: the @ of a scope is percent-encoded.
  const purl = `pkg:npm/${fullName.replace('@', '%40')}@${version}`;
  return {
    'bom-ref': purl,
    ...(group !== undefined && { group }),
    name,
    version,
    ...(license !== undefined && { licenses: [licenseOf(license)] }),
    purl,
  };
}

function licenseOf(expression: string): object {
  return /^[\w.-]+$/.test(expression) ? { license: { id: expression } } : { expression };
}

function hashOf(integrity: string): object {
  const [algorithm = '', digest = ''] = integrity.split('-', 2);
  return { alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') };
}
