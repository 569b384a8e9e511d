/** Secrets of Secrets Manager by name, for what templates refer to. */
export type Secrets = Readonly<Record<string, string>>;

const REFERENCE = /\{\{resolve:secretsmanager:([^:}]+):SecretString:::?\}\}/g;

/** A secret that templates refer to and nobody has given. */
class MissingSecretError extends Error {
  override readonly name = 'MissingSecretError';
  readonly code = 'missing_secret';
}

/**
 * Puts secrets in the place of CloudFormation's dynamic references to them.
 * Source: CloudFormation User Guide, "Get a secret or secret value from Secrets Manager".
 *
 * @throws {MissingSecretError}
 */
export function resolveSecrets(text: string, secrets: Secrets): string {
  return text.replaceAll(REFERENCE, (_, name: string) => {
    const value = secrets[name];
    if (value === undefined) throw new MissingSecretError(`there is no secret ${name} on the embedded stack`);
    return value;
  });
}
