/** What of `package.json` matters here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  /** What the package holds beside `package.json`, README and licence. */
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** What is for a checkout alone. All else is published as it stands. */
const FOR_A_CHECKOUT = [
  'private',
  'scripts',
  'allowScripts',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
];

/**
 * `package.json` as it is published: dependencies are bundled, but for a few.
 *
 * @param unbundled the dependencies that have to be installed beside the package
 * @throws {Error} if one of them is none of the dependencies
 */
export function publishedManifest(manifest: Manifest, unbundled: readonly string[]): Record<string, unknown> {
  const kept = Object.entries(manifest).filter(([key]) => !FOR_A_CHECKOUT.includes(key));
  const dependencies = unbundled.map((name) => {
    const version = manifest.dependencies[name];
    if (version === undefined) throw new Error(`${name} is not among the dependencies`);
    return [name, version];
  });
  return { ...Object.fromEntries(kept), dependencies: Object.fromEntries(dependencies) };
}
