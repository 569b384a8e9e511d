import type { ApiDestinationDefinition } from '../template/service-definition.ts';
import { resolveSecrets, type Secrets } from './secrets.ts';

/** EventBridge's timeout for an endpoint. Source: EventBridge User Guide, "API destinations". */
const TIMEOUT_MS = 5_000;

/** Outcome of a call. */
export type ApiOutcome =
  | { readonly status: 'delivered' }
  | { readonly status: 'failed'; readonly reason: string; readonly mayBeRetried: boolean };

/**
 * Calls an HTTP endpoint like EventBridge: 2xx is a success; 409, 429, 5xx and timeouts are retried; anything else is a
 * failure. Source: EventBridge User Guide, "API destinations as targets in Amazon EventBridge".
 */
export async function callApiDestination(
  destination: ApiDestinationDefinition,
  input: string,
  secrets: Secrets,
): Promise<ApiOutcome> {
  let response: Response;
  try {
    response = await fetch(urlOf(destination, secrets), {
      method: destination.method,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...resolved(destination.headers, secrets),
      },
      body: withParameters(input, resolved(destination.body, secrets)),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
  } catch (error) {
    const isConfiguration = error instanceof Error && 'code' in error && error.code === 'missing_secret';
    return { status: 'failed', reason: String(error), mayBeRetried: !isConfiguration };
  }
  if (response.ok) return { status: 'delivered' };
  const mayBeRetried = response.status === 409 || response.status === 429 || response.status >= 500;
  return { status: 'failed', reason: `HTTP status ${response.status}`, mayBeRetried };
}

function urlOf({ url, query }: ApiDestinationDefinition, secrets: Secrets): URL {
  const target = new URL(resolveSecrets(url, secrets));
  for (const [name, value] of Object.entries(resolved(query, secrets)))
    target.searchParams.append(name, value);
  return target;
}

function withParameters(input: string, parameters: Readonly<Record<string, string>>): string {
  if (Object.keys(parameters).length === 0) return input;
  return JSON.stringify({ ...(JSON.parse(input) as object), ...parameters });
}

function resolved(texts: Readonly<Record<string, string>>, secrets: Secrets): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, resolveSecrets(text, secrets)]),
  );
}
