import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { REGION } from '../../../lib/local/account.ts';
import { clientEnvironment, functionEnvironment } from '../../../lib/local/runtime/function-environment.ts';
import type { FunctionBuild } from '../../bench/function/build.ts';
import type { HostAnswer, HostRequest } from '../../bench/function/host-protocol.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';

/** The bundled function as a process that can be killed and stopped. */
export class FunctionChild {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = once(child, 'exit');
  }

  /**
   * @param variables environment variables in addition to the deployed function's
   * @returns when the function has loaded
   */
  static async start(
    { bundlePath, hostPath }: FunctionBuild,
    endpoint: string,
    variables: Readonly<Record<string, string>> = { SETTINGS_MAX_AGE_SECONDS: '0.05' },
  ): Promise<FunctionChild> {
    const clients = clientEnvironment({
      region: REGION,
      sqsEndpoint: endpoint,
      dynamodbEndpoint: endpoint,
      ssmEndpoint: endpoint,
    });
    const env = functionEnvironment(
      DEPLOYED.definition.function,
      clients,
      (role) => `${endpoint}/000000000000/${role}`,
    );
    const child = fork(hostPath, [bundlePath], {
      env: { ...env, ...variables },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const started = new FunctionChild(child);
    await Promise.race([once(child, 'message'), started.#exited]);
    return started;
  }

  get isGone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** @returns the handler's answer; undefined if the process ended first, or the handler threw */
  async invoke(
    eventJson: string,
    timeoutMs: number,
  ): Promise<{ readonly failed: ReadonlySet<string> } | undefined> {
    const request: HostRequest = { type: 'invoke', eventJson, timeoutMs };
    const answered = once(this.#child, 'message');
    this.#child.send(request, () => {});
    const [answer] = (await Promise.race([answered, this.#exited.then(() => [])])) as [HostAnswer?];
    if (answer?.type !== 'returned') return undefined;
    const { batchItemFailures } = JSON.parse(answer.invocation.responseJson) as {
      batchItemFailures: { itemIdentifier: string }[];
    };
    return { failed: new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)) };
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
