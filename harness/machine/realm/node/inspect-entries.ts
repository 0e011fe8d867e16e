import type { Brand } from "./brands.ts";
import type { Context } from "./inspect-options.ts";
import { more } from "./inspect-primitive.ts";

/** Formats a value inside another. */
export type Format = (value: unknown) => string;

/** What stands between the brackets before the properties: elements, members, bytes. */
export function entriesOf(context: Context, value: object, brand: Brand, format: Format): string[] {
	switch (brand) {
		case "Array":
			return elements(context, value as unknown[], format);
		case "TypedArray":
			return cut(context, value as Uint8Array, Number.MAX_SAFE_INTEGER).map((element) => format(element));
		case "Set":
			return indented(context, () => cut(context, Set.prototype.values.call(value)).map(format));
		case "Map":
			return indented(context, () => cut(context, Map.prototype.entries.call(value)).map((entry) => pair(entry, format)));
		default:
			return [];
	}
}
