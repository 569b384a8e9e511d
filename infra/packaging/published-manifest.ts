/** The fields of `package.json` used here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  /** The content of the package other than `package.json`, README and licence. */
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** Fields for a checkout only. All others are published unchanged. */
const FOR_A_CHECKOUT = [
  'private',
  'scripts',
  'allowScripts',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'exports',
];

/** Fields that replace those of the checkout. */
export interface Published {
  /** Dependencies that have to be installed alongside the package. */
  readonly dependencies: readonly string[];
  /** Dependencies provided by apps that import the package: of the same major version, and not older. */
  readonly peers: readonly string[];
  /** The modules that such apps import, by the path after the package's name. */
  readonly exports: Readonly<Record<string, unknown>>;
}

/**
 * The published `package.json`: dependencies are bundled, except for a few.
 *
 * @throws {Error} if one of those is not among the dependencies
 */
export function publishedManifest(
  manifest: Manifest,
  { dependencies, peers, exports }: Published,
): Record<string, unknown> {
  const kept = Object.entries(manifest).filter(([key]) => !FOR_A_CHECKOUT.includes(key));
  const versionOf = (name: string) => {
    const version = manifest.dependencies[name];
    if (version === undefined) throw new Error(`${name} is not among the dependencies`);
    return version;
  };
  return {
    ...Object.fromEntries(kept),
    exports,
    dependencies: Object.fromEntries(dependencies.map((name) => [name, versionOf(name)])),
    peerDependencies: Object.fromEntries(peers.map((name) => [name, `^${versionOf(name)}`])),
    peerDependenciesMeta: Object.fromEntries(peers.map((name) => [name, { optional: true }])),
  };
}
