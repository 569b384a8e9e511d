import { statSync } from 'node:fs';

/** Whether two paths lead to the same file, also through links. */
export function isSameFile(path: string, other: string): boolean {
  const [one, two] = [path, other].map((each) => statSync(each, { throwIfNoEntry: false }));
  if (one === undefined || two === undefined) return false;
  return one.isFile() && one.dev === two.dev && one.ino === two.ino;
}
