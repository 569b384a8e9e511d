/** Variables in shell syntax, one line each. */
export function variableLines(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
}
