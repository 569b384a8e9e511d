import type { Server as HttpServer, IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Server } from 'node:net';

/** The only interface that the emulators listen on, since they check no credentials. */
export const LOOPBACK_HOST = '127.0.0.1';

/** Listens on the loopback interface. @param port 0 for any free one */
export async function listenOnLoopback(server: Server, port = 0): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK_HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server.address() as AddressInfo;
}

/** Cuts open connections and stops listening. */
export async function closeServer(server: HttpServer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}

export function endpointOf(address: Pick<AddressInfo, 'address' | 'port'>): string {
  return `http://${address.address}:${address.port}`;
}

/**
 * Whether a request comes from a source that loopback alone does not keep out: a web page in the user's browser, which
 * sends its origin, or a foreign host name that resolves to this machine (DNS rebinding).
 */
export function isForeign({ host = '', origin }: IncomingHttpHeaders): boolean {
  return origin !== undefined || !/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host);
}
