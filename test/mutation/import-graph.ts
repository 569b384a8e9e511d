import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseModule } from './syntax.ts';

/** Which of the project's files a module loads, itself included; types are no imports. Paths from the root. */
export class ImportGraph {
  readonly #root: string;
  readonly #imports = new Map<string, readonly string[]>();

  constructor(root: string) {
    this.#root = root;
  }

  /** All files that the module loads, directly or through others, in a fixed order. */
  loadedBy(file: string): string[] {
    const found = new Set([file]);
    for (const next of found) for (const imported of this.#importsOf(next)) found.add(imported);
    return [...found].toSorted();
  }

  #importsOf(file: string): readonly string[] {
    const known = this.#imports.get(file);
    if (known !== undefined) return known;
    const imports = file.endsWith('.ts') ? this.#read(file) : [];
    this.#imports.set(file, imports);
    return imports;
  }

  #read(file: string): string[] {
    const text = readFileSync(join(this.#root, file), 'utf8');
    return findSources(file, text)
      .filter((source) => source.startsWith('.'))
      .map((source) => normalize(join(dirname(file), source)))
      .filter((path) => existsSync(join(this.#root, path)));
  }
}

/** What a module imports or re-exports when it runs. */
function findSources(file: string, text: string): string[] {
  const { module } = parseModule(file, text);
  const isLoaded = (entries: ReadonlyArray<{ readonly isType: boolean }>) =>
    entries.length === 0 || entries.some(({ isType }) => !isType);
  return [
    ...module.staticImports
      .filter(({ entries }) => isLoaded(entries))
      .map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports
      .filter(({ entries }) => isLoaded(entries))
      .flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1)),
  ];
}
