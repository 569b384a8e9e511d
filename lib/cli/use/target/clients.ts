/** A service that accepts connections but never answers must not hang a command. */
const CONNECTION_TIMEOUT_MS = 3_000;

/** Client settings with a request timeout, in milliseconds. */
export function patientFor(requestTimeout: number) {
  return { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout, throwOnRequestTimeout: true };
}

/** Failures are reported in one line; the clients' own warnings are for developers. */
export const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
