import type { EventFunctionDefinition, EventRuleDefinition } from '../template/service-definition.ts';
import { EventFunction, type EventFunctionOptions } from './event-function.ts';

export interface EventFunctionsOptions extends Omit<EventFunctionOptions, 'definition' | 'variables'> {
  readonly rules: readonly EventRuleDefinition[];
  /** All of a function's environment variables. */
  readonly variablesOf: (definition: EventFunctionDefinition) => Readonly<Record<string, string>>;
}

/** All functions invoked by events. */
export class EventFunctions {
  readonly #byName: ReadonlyMap<string, EventFunction>;

  constructor({ rules, variablesOf, ...options }: EventFunctionsOptions) {
    const definitions = rules
      .flatMap(({ targets }) => targets)
      .flatMap((target) => (target.kind === 'function' ? [target.function] : []));
    this.#byName = new Map(
      definitions.map((definition) => [
        definition.name,
        new EventFunction({ ...options, definition, variables: variablesOf(definition) }),
      ]),
    );
  }

  async invoke(functionName: string, event: object): Promise<void> {
    await this.#byName.get(functionName)?.invoke(event);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#byName.values()].map((each) => each.stop()));
  }
}
