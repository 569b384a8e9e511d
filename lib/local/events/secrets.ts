/** Secrets Manager secrets by name, which templates refer to. */
export type Secrets = Readonly<Record<string, string>>;

const REFERENCE = /\{\{resolve:secretsmanager:([^:}]+):SecretString:::?\}\}/g;

/** A template refers to a secret that was not provided. */
class MissingSecretError extends Error {
  override readonly name = 'MissingSecretError';
  readonly code = 'missing_secret';
}

/**
 * Replaces CloudFormation's dynamic references with secrets. Source: CloudFormation User Guide, "Get a secret or secret
 * value from Secrets Manager".
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
