/** Path of the parameters that hold the keys of an environment's providers. */
export function keysPath(environment: string): string {
  return `/threat-consensus/${environment}/keys`;
}

/** The parameter that holds one provider's key. */
export function keyParameter(path: string, provider: string): string {
  return `${path}/${provider}`;
}
