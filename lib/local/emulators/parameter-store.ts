import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { ACCOUNT_ID, arnOf } from '../account.ts';
import { LocalStackError, messageOf } from '../errors.ts';

export type ParameterType = 'String' | 'StringList' | 'SecureString';

/** A current or former value of a parameter. */
interface StoredValue {
  readonly value: string;
  readonly type: ParameterType;
  readonly version: number;
  readonly changedAtMs: number;
  readonly description?: string | undefined;
}

/** A parameter's change, as reported to EventBridge. */
export interface ParameterChange {
  readonly name: string;
  readonly type: ParameterType;
  readonly operation: 'Create' | 'Update' | 'Delete';
  readonly description?: string | undefined;
}

export interface ParameterStoreOptions {
  /** File for the parameters; in memory by default. */
  readonly file?: string | undefined;
  /** Clock for the dates of changes, epoch milliseconds; the system's by default. */
  readonly clock?: (() => number) | undefined;
  /** Called after each change. */
  readonly onChange?: ((change: ParameterChange) => void) | undefined;
}

/** An SSM error; `name` is its type. */
export class ParameterStoreError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** Limits of standard parameters, from the AWS Systems Manager User Guide and API Reference. */
const MAX_VALUE_BYTES = 4_096;
const MAX_VERSIONS = 100;
const MAX_NAMES = 10;
const MAX_HISTORY_PAGE = 50;
const MAX_LEVELS = 15;
const NAME = /^\/?[\w.-]+(?:\/[\w.-]+)*$/;
const TYPES: readonly string[] = ['String', 'StringList', 'SecureString'];

type Request = Readonly<Record<string, unknown>>;

/**
 * Parameters with their history, like Parameter Store. Labels, policies and tiers other than the standard one are not
 * supported.
 */
export class ParameterStore {
  /** By name; each parameter's values oldest first. */
  readonly #parameters: Map<string, StoredValue[]>;
  readonly #file: string | undefined;
  readonly #now: () => number;
  readonly #onChange: (change: ParameterChange) => void;

  /** @throws {LocalStackError} `data_directory_unusable` */
  constructor({ file, clock = Date.now, onChange = () => {} }: ParameterStoreOptions = {}) {
    this.#file = file;
    this.#now = clock;
    this.#onChange = onChange;
    this.#parameters = file === undefined ? new Map() : restore(file);
  }

  /** Answers an API call. @throws {ParameterStoreError} */
  answer(operation: string, request: Request): unknown {
    switch (operation) {
      case 'GetParameter':
        return { Parameter: this.#described(textOf(request, 'Name'), request) };
      case 'GetParameters':
        return this.#getMany(request);
      case 'PutParameter':
        return this.#put(request);
      case 'GetParameterHistory':
        return this.#history(request);
      case 'DeleteParameter':
        return this.#delete(textOf(request, 'Name'));
      default:
        throw new ParameterStoreError('UnknownOperationException', `${operation} is not emulated`);
    }
  }

  #described(selector: string, request: Request) {
    const [name = '', version] = selector.split(':');
    const values = this.#valuesOf(name);
    const value =
      version === undefined ? values.at(-1) : values.find((each) => String(each.version) === version);
    if (value === undefined) {
      throw new ParameterStoreError('ParameterVersionNotFound', `${name} has no version ${version}`);
    }
    return {
      Name: name,
      ...(version !== undefined && { Selector: `:${version}` }),
      ARN: arnOf('ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`),
      DataType: 'text',
      ...content(value, request),
    };
  }

  #valuesOf(name: string): StoredValue[] {
    const values = this.#parameters.get(name);
    if (values === undefined) throw new ParameterStoreError('ParameterNotFound', `there is no ${name}`);
    return values;
  }

  #getMany(request: Request) {
    const names = request.Names;
    if (!Array.isArray(names) || names.length === 0 || names.length > MAX_NAMES) {
      throw invalid(`Names: expected 1 to ${MAX_NAMES}`);
    }
    const found: unknown[] = [];
    const unknown: string[] = [];
    for (const name of names.map(String)) {
      if (this.#parameters.has(name.split(':')[0] ?? '')) found.push(this.#described(name, request));
      else unknown.push(name);
    }
    return { Parameters: found, InvalidParameters: unknown };
  }

  #put(request: Request) {
    const name = textOf(request, 'Name');
    const value = textOf(request, 'Value');
    const levels = name.split('/').length - (name.startsWith('/') ? 1 : 0);
    if (!NAME.test(name) || (levels > 1 && !name.startsWith('/')) || levels > MAX_LEVELS) {
      throw invalid(`${name} is no name of a parameter`);
    }
    if (/^\/?(?:aws|ssm)/i.test(name)) throw invalid(`no name may begin with "aws" or "ssm": ${name}`);
    if (Buffer.byteLength(value) > MAX_VALUE_BYTES) {
      throw invalid(`a standard parameter's value has at most ${MAX_VALUE_BYTES} bytes`);
    }
    const values = this.#parameters.get(name) ?? [];
    const last = values.at(-1);
    if (last !== undefined && request.Overwrite !== true) {
      throw new ParameterStoreError('ParameterAlreadyExists', 'The parameter already exists.');
    }
    const type = typeOf(request.Type ?? last?.type);
    const version = (last?.version ?? 0) + 1;
    const description = request.Description === undefined ? last?.description : String(request.Description);
    values.push({ value, type, version, changedAtMs: this.#now(), description });
    this.#parameters.set(name, values.slice(-MAX_VERSIONS));
    this.#save();
    this.#onChange({ name, type, operation: last === undefined ? 'Create' : 'Update', description });
    return { Version: version, Tier: 'Standard' };
  }

  #history(request: Request) {
    const { MaxResults = MAX_HISTORY_PAGE, NextToken = '0' } = request;
    if (!(Number(MaxResults) >= 1 && Number(MaxResults) <= MAX_HISTORY_PAGE)) {
      throw invalid(`MaxResults: expected 1 to ${MAX_HISTORY_PAGE}`);
    }
    const name = textOf(request, 'Name');
    const values = this.#valuesOf(name);
    const end = Number(NextToken) + Number(MaxResults);
    const page = values.slice(Number(NextToken), end);
    return {
      Parameters: page.map((value) => ({
        Name: name,
        DataType: 'text',
        Tier: 'Standard',
        Labels: [],
        Policies: [],
        LastModifiedUser: `arn:aws:iam::${ACCOUNT_ID}:root`,
        ...(value.description !== undefined && { Description: value.description }),
        ...content(value, request),
      })),
      ...(end < values.length && { NextToken: String(end) }),
    };
  }

  #delete(name: string) {
    const { type = 'String', description } = this.#valuesOf(name).at(-1) ?? {};
    this.#parameters.delete(name);
    this.#save();
    this.#onChange({ name, type, operation: 'Delete', description });
    return {};
  }

  /** Written atomically: a process killed while writing leaves the previous file. */
  #save(): void {
    if (this.#file === undefined) return;
    const next = `${this.#file}.next`;
    writeFileSync(next, JSON.stringify([...this.#parameters]), { mode: 0o600 });
    renameSync(next, this.#file);
  }
}

function restore(file: string): Map<string, StoredValue[]> {
  try {
    return new Map(JSON.parse(readFileSync(file, 'utf8')) as [string, StoredValue[]][]);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    const message = `The parameters in ${file} cannot be read: ${messageOf(cause)}.`;
    throw new LocalStackError('data_directory_unusable', message, { cause });
  }
}

function content({ value, type, version, changedAtMs }: StoredValue, request: Request) {
  const isReadable = type !== 'SecureString' || request.WithDecryption === true;
  return {
    Type: type,
    // A placeholder for the ciphertext, which nobody can mistake for the value.
    Value: isReadable ? value : Buffer.from(`encrypted ${value.length}`).toString('base64'),
    Version: version,
    LastModifiedDate: changedAtMs / 1000,
  };
}

function textOf(request: Request, field: string): string {
  const text = request[field];
  if (typeof text === 'string' && text !== '') return text;
  throw invalid(`${field}: expected at least one character`);
}

function typeOf(type: unknown): ParameterType {
  if (type === undefined) throw invalid('A parameter type is required when you create a parameter.');
  if (typeof type === 'string' && TYPES.includes(type)) return type as ParameterType;
  throw new ParameterStoreError('UnsupportedParameterType', `${String(type)} is no type of a parameter`);
}

function invalid(message: string): ParameterStoreError {
  return new ParameterStoreError('ValidationException', message);
}
