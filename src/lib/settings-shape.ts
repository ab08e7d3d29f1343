/** The part of JSON Schema that is looked at here. */
export interface Shape {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly additionalProperties?: boolean | Shape;
  readonly propertyNames?: Shape;
  readonly minimum?: number;
  /** See `fromLines`. */
  readonly 'x-lines'?: unknown;
  readonly maximum?: number;
}
